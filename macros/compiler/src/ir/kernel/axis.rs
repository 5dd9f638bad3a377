//! What operations along one axis have in common: the sizes before it, of it and after it.

use super::{Call, Fold, Reduction};
use crate::ir::Type;
use crate::size::Size;
use proc_macro2::TokenStream;

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
