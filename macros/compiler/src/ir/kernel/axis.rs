//! What operations along one axis have in common: the sizes before it, of it and after it.

use super::{Call, Fold, Reduction};
use crate::ir::Type;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The tokens of `[outer, n, inner]` of a tensor with respect to an axis; `outer` counts the
/// samples of the tile too.
pub(super) fn around(call: &Call<'_>, ty: &Type, axis: usize) -> [TokenStream; 3] {
    let outer = call.rows(ty, &Size::product(&ty.shape[..axis]));
    [outer, ty.shape[axis].tokens(), inner(ty, axis).tokens()]
}

/// The elements of all axes after one.
pub(super) fn inner(ty: &Type, axis: usize) -> Size {
    Size::product(&ty.shape[axis + 1..])
}

/// The last of some axes.
pub(super) fn last<T>(axes: &[T]) -> usize {
    axes.len().saturating_sub(1)
}

/// Whether the rows of the last axis are a pitch apart.
pub(super) fn has_rows(layout: &Layout) -> bool {
    layout.pitch(last(&layout.axes)).is_some()
}

/// An operand by its rows of the last axis.
pub(super) fn last_rows_of(call: &Call<'_>, operand: usize) -> TokenStream {
    call.rows_of(operand, last(&call.types[operand].shape))
}

/// An operand's slice, and scalars from one of its blocks of all axes from `axis` on to the next.
pub(super) fn blocks_of(call: &Call<'_>, operand: usize, axis: usize) -> (TokenStream, Size) {
    let pitch = call.layouts[operand].pitch(axis).filter(|_| call.parts[operand]);
    match pitch {
        Some(pitch) => (call.from_start(operand), pitch),
        None => (call.operands[operand].clone(), Size::product(&call.types[operand].shape[axis..])),
    }
}

/// What copies the first operand's rows to the result, where it is a part of another's memory: the
/// kernel then works in place.
pub(super) fn copy_of_part(call: &Call<'_>) -> Option<TokenStream> {
    let Call { runtime, result, ty, parts, .. } = call;
    let (rows, len) = (call.rows(ty, &ty.leading()), ty.last().tokens());
    let x = last_rows_of(call, 0);
    parts[0].then(|| quote!(#runtime::copy::copy_rows(#rows, #len, #x, #result);))
}

/// `ty` with one number along an axis.
pub(super) fn reduced(ty: &Type, axis: usize) -> Type {
    let mut ty = ty.clone();
    ty.shape[axis] = Size::one();
    ty
}

/// What is made of each row by a reduction along `axis`, where that lies along memory.
pub(super) fn of_rows(fold: Fold, ty: &Type, axis: usize) -> Option<Reduction> {
    let (rows, len) = (Size::product(&ty.shape[..axis]), ty.shape[axis].clone());
    (inner(ty, axis) == Size::one()).then_some(Reduction { fold, rows, len })
}
