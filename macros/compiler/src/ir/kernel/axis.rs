//! Helpers of operations along one axis: the sizes before it, of it and after it.

use super::{Call, Fold, Reduction};
use crate::ir::Type;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the sizes of a tensor before an axis, of it and after it, as an argument. `outer` includes
/// the samples of the tile.
pub(super) fn around(call: &Call<'_>, ty: &Type, axis: usize) -> TokenStream {
    let (runtime, outer) = (call.runtime, call.rows(ty, &Size::product(&ty.shape[..axis])));
    let [len, inner] = [&ty.shape[axis], &inner(ty, axis)].map(Size::tokens);
    quote!(#runtime::axis::Sizes { outer: #outer, len: #len, inner: #inner })
}

/// Returns the product of the sizes of all axes after `axis`.
pub(super) fn inner(ty: &Type, axis: usize) -> Size {
    Size::product(&ty.shape[axis + 1..])
}

/// Returns the index of the last of some axes, 0 if there is none.
pub(super) fn last<T>(axes: &[T]) -> usize {
    axes.len().saturating_sub(1)
}

/// Returns true if the rows along the last axis have a pitch.
pub(super) fn has_rows(layout: &Layout) -> bool {
    layout.pitch(last(&layout.axes)).is_some()
}

/// Returns an operand as rows along its last axis.
pub(super) fn last_rows_of(call: &Call<'_>, operand: usize) -> TokenStream {
    call.rows_of(operand, last(&call.types[operand].shape))
}

/// Returns an operand's slice and the scalars from one block to the next, where a block spans all
/// axes from `axis` on.
pub(super) fn blocks_of(call: &Call<'_>, operand: usize, axis: usize) -> (TokenStream, Size) {
    let pitch = call.layouts[operand].pitch(axis).filter(|_| call.parts[operand]);
    match pitch {
        Some(pitch) => (call.from_start(operand), pitch),
        None => (call.operands[operand].clone(), Size::product(&call.types[operand].shape[axis..])),
    }
}

/// Returns a copy of the first operand's rows to the result, if the operand is a part of another
/// value's memory: the kernel then works in place.
pub(super) fn copy_of_part(call: &Call<'_>) -> Option<TokenStream> {
    let Call { runtime, result, ty, parts, .. } = call;
    let (rows, len) = (call.rows(ty, &ty.leading()), ty.last().tokens());
    let x = last_rows_of(call, 0);
    parts[0].then(|| quote!(#runtime::copy::copy_rows(#rows, #len, #x, #result);))
}

/// Returns `ty` with size 1 along `axis`.
pub(super) fn reduced(ty: &Type, axis: usize) -> Type {
    let mut ty = ty.clone();
    ty.shape[axis] = Size::one();
    ty
}

/// Returns the reduction of rows along `axis`, if that axis is contiguous.
pub(super) fn of_rows(fold: Fold, ty: &Type, axis: usize) -> Option<Reduction> {
    let (rows, len) = (Size::product(&ty.shape[..axis]), ty.shape[axis].clone());
    (inner(ty, axis) == Size::one()).then_some(Reduction { fold, rows, len })
}
