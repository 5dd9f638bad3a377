//! Softmax and log-softmax of contiguous rows, and their gradients.
//!
//! A row is first shifted by its maximum, so that finite logits of any size give finite results.
//! A row that contains +inf or NaN becomes NaN, as in PyTorch. For a row of only -inf, softmax is all
//! zeros and its logarithm all -inf (PyTorch's `softmax` gives NaN there, its attention zeros, which
//! makes fully masked rows harmless).

pub(super) mod compiled;

use super::Store;
use super::lanes::{max, sum, sum_all};
use super::pitch::{AsRows, AsRowsMut};
use crate::math::ExpOrZero;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// y = softmax(x) for each of `rows` rows of `n`: y_i = e^x_i / (sum of e^x_j).
#[inline(always)]
pub fn softmax<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.softmax(x.as_rows(rows, n), y.as_rows_mut(rows, n));
}

/// Like [`softmax`], in place.
#[inline(always)]
pub fn softmax_in_place<T: Scalar, S: Simd<T>>(simd: S, rows: usize, n: usize, x: &mut [T]) {
    simd.softmax_in_place(x.as_rows_mut(rows, n));
}

/// Computes dx from dy and the output y: dx_i = y_i (dy_i - sum of y_j dy_j).
#[inline(always)]
pub fn softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (y, dy) = (y.as_rows(rows, n), dy.as_rows(rows, n));
    simd.softmax_gradient(y, dy, dx.as_rows_mut(rows, n), store);
}

/// y = ln softmax(x) for each of `rows` rows of `n`: y_i = x_i - ln(sum of e^x_j).
#[inline(always)]
pub fn log_softmax<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.log_softmax(x.as_rows(rows, n), y.as_rows_mut(rows, n));
}

/// Computes dx from dy and the output y: dx_i = dy_i - e^y_i * (sum of dy_j).
#[inline(always)]
pub fn log_softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (y, dy) = (y.as_rows(rows, n), dy.as_rows(rows, n));
    simd.log_softmax_gradient(y, dy, dx.as_rows_mut(rows, n), store);
}

/// Returns the part of an output's gradient that counts: 0 if the output is 0, for example behind a mask,
/// even if `dy` is infinite, as the gradient of a root is at 0.
#[inline(always)]
pub(super) fn passed<T: Scalar>(y: T, dy: T) -> T {
    if y == T::ZERO { T::ZERO } else { dy }
}

/// Returns the shift of a row: its maximum, or 0 if it contains only -inf, so that -inf - shift is
/// still -inf. A NaN is ignored here, but makes the row's exponentials NaN.
#[inline(always)]
pub(super) fn shift<T: Scalar, S: Simd<T>>(simd: S, row: &[T]) -> T {
    shift_of(max(simd, row))
}

/// Returns the [`shift`] of a row with this maximum.
#[inline(always)]
pub(in crate::kernels) fn shift_of<T: Scalar>(max: T) -> T {
    if max == T::from_f64(f64::NEG_INFINITY) { T::ZERO } else { max }
}

/// Shifts each row of `block` and replaces it by its exponentials, in one loop over all rows, so that
/// short rows fill vectors as well as long ones do. Calls `shifted` with each row's index and shift.
#[inline(always)]
pub(super) fn exponentials<T: Scalar, S: Simd<T>>(
    simd: S,
    n: usize,
    block: &mut [T],
    mut shifted: impl FnMut(usize, T),
) {
    for (r, row) in block.chunks_exact_mut(n.max(1)).enumerate() {
        let shift = shift(simd, row);
        row.iter_mut().for_each(|x| *x -= shift);
        shifted(r, shift);
    }
    for x in block {
        *x = simd.lane(*x).apply(ExpOrZero).value;
    }
}

/// Number of rows whose logarithms are computed together.
pub(super) const ROWS: usize = 16;

/// Returns the logarithms of the sums of up to [`ROWS`] rows of exponentials, computed together in
/// vectors; see [`ln_sum`].
#[inline(always)]
pub(super) fn ln_sums<T: Scalar, S: Simd<T>>(simd: S, n: usize, block: &[T]) -> [T; ROWS] {
    let mut sums = [T::ONE; ROWS];
    for (row, sum_of) in block.chunks_exact(n.max(1)).zip(&mut sums) {
        *sum_of = sum_all(simd, row);
    }
    for sum in &mut sums {
        *sum = ln_sum(simd, *sum);
    }
    sums
}

/// Returns the sum of e^(x_i - `shift`), without storing the exponentials.
#[inline(always)]
pub(super) fn sum_of_exponentials<T: Scalar, S: Simd<T>>(simd: S, row: &[T], shift: T) -> T {
    let exp = |[x]: [T; 1]| simd.lane(x - shift).apply(ExpOrZero).value;
    sum(simd, [row], exp)
}

/// Returns 1 / `sum`, or 0 for the sum of a row of -inf. (Any other row has a term of 1, or a NaN.)
#[inline(always)]
pub(in crate::kernels) fn inverse<T: Scalar>(sum: T) -> T {
    if sum == T::ZERO { T::ZERO } else { T::ONE / sum }
}

/// Returns ln `sum`, or 0 for the sum of a row of -inf, whose logarithms then remain -inf.
#[inline(always)]
pub(super) fn ln_sum<T: Scalar, S: Simd<T>>(simd: S, sum: T) -> T {
    if sum == T::ZERO { T::ZERO } else { simd.lane(sum).ln().value }
}

#[cfg(test)]
mod tests;
