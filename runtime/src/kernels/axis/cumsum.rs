//! Sums of all that came before, and with reversed order their gradient.

use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `y[.., i, ..]` = the sum of `x[.., j, ..]` for j up to i, for tensors `[outer, n, inner]`; for j
/// from i on where it is `reversed`, which is the gradient of the other.
///
/// # Panics
/// When a slice does not have the blocks of its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and two buffers are the operation")]
pub fn cumsum<T: Scalar, S: Simd<T>>(
    simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    reversed: bool,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    y.as_rows_mut(outer, n * inner).copy_from(x.as_rows(outer, n * inner));
    cumsum_in_place(simd, outer, n, inner, reversed, y);
}

/// [`cumsum`] where the terms stand.
#[inline(always)]
pub fn cumsum_in_place<T: Scalar, S: Simd<T>>(
    _simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    reversed: bool,
    x: &mut (impl AsRowsMut<T> + ?Sized),
) {
    for block in x.as_rows_mut(outer, n * inner).iter() {
        for step in 1..n {
            let (before, after) =
                block.split_at_mut(inner * if reversed { n - step } else { step });
            if reversed {
                let start = before.len() - inner;
                add(&after[..inner], &mut before[start..]);
            } else {
                add(&before[before.len() - inner..], &mut after[..inner]);
            }
        }
    }
}

#[inline(always)]
fn add<T: Scalar>(from: &[T], to: &mut [T]) {
    to.iter_mut().zip(from).for_each(|(to, &from)| *to += from);
}
