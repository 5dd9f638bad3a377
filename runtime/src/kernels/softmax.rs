//! Softmax and log-softmax of contiguous rows, and their gradients.
//!
//! A row is first shifted by its maximum, so that finite logits of any size give finite results.
//! A row that contains +inf or NaN becomes NaN, as in PyTorch. For a row of only -inf, softmax is all
//! zeros and its logarithm all -inf (PyTorch's `softmax` gives NaN there, its attention zeros, which
//! makes fully masked rows harmless).

use super::lanes::{max, sum};
use super::pitch::{AsRows, AsRowsMut};
use super::{Store, block_rows};
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
    let (x, y) = (x.as_rows(rows, n), y.as_rows_mut(rows, n));
    for (first, y) in y.blocks(block_rows(n)) {
        x.copy_to(first, y);
        softmax_block(simd, n, y);
    }
}

/// Like [`softmax`], in place.
#[inline(always)]
pub fn softmax_in_place<T: Scalar, S: Simd<T>>(simd: S, rows: usize, n: usize, x: &mut [T]) {
    for (_, block) in x.as_rows_mut(rows, n).blocks(block_rows(n)) {
        softmax_block(simd, n, block);
    }
}

/// Returns the gradient `dy` of an output, or 0 if the output is 0. A masked output thus gets no
/// gradient even if `dy` is infinite, as that of a square root at 0.
#[inline(always)]
pub(super) fn passed<T: Scalar>(y: T, dy: T) -> T {
    if y == T::ZERO { T::ZERO } else { dy }
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
    for ((y, dy), dx) in y.iter().zip(dy.iter()).zip(dx.as_rows_mut(rows, n).iter()) {
        let mean = simd.lane(sum(simd, [y, dy], |[y, dy]| y * passed(y, dy)));
        for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
            store.put(dx, (simd.lane(y) * (simd.lane(passed(y, dy)) - mean)).value);
        }
    }
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
    let (x, y) = (x.as_rows(rows, n), y.as_rows_mut(rows, n));
    for (first, y) in y.blocks(ROWS) {
        x.copy_to(first, y);
        let mut shifts = [T::ZERO; ROWS];
        exponentials(simd, n, y, |r, shift| shifts[r] = shift);
        let ln_sums = ln_sums(simd, n, y);
        let rows = y.chunks_exact_mut(n.max(1)).zip(first..);
        for ((y, row), (shift, ln_sum)) in rows.zip(shifts.into_iter().zip(ln_sums)) {
            y.iter_mut().zip(x.row(row)).for_each(|(y, &x)| *y = (x - shift) - ln_sum);
        }
    }
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
    for ((y, dy), dx) in y.iter().zip(dy.iter()).zip(dx.as_rows_mut(rows, n).iter()) {
        let sum = simd.lane(sum(simd, [dy], |[dy]| dy));
        for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
            store.put(dx, (simd.lane(dy) - simd.lane(y).exp() * sum).value);
        }
    }
}

/// Returns the shift of a row: its maximum, or 0 if it contains only -inf, so that -inf - shift is
/// still -inf. A NaN is ignored here, but makes the row's exponentials NaN.
#[inline(always)]
pub(super) fn shift<T: Scalar, S: Simd<T>>(simd: S, row: &[T]) -> T {
    let max = max(simd, row);
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
        *x = simd.lane(*x).exp().value;
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
        *sum_of = sum(simd, [row], |[x]| x);
    }
    sums.map(|sum| ln_sum(simd, sum))
}

/// Returns the sum of e^(x_i - `shift`), without storing the exponentials.
#[inline(always)]
pub(super) fn sum_of_exponentials<T: Scalar, S: Simd<T>>(simd: S, row: &[T], shift: T) -> T {
    let exp = |[x]: [T; 1]| simd.lane(x - shift).exp().value;
    sum(simd, [row], exp)
}

/// Returns 1 / `sum`, or 0 for the sum of a row of -inf. (Any other row has a term of 1, or a NaN.)
#[inline(always)]
pub(super) fn inverse<T: Scalar>(sum: T) -> T {
    if sum == T::ZERO { T::ZERO } else { T::ONE / sum }
}

/// Returns ln `sum`, or 0 for the sum of a row of -inf, whose logarithms then remain -inf.
#[inline(always)]
pub(super) fn ln_sum<T: Scalar, S: Simd<T>>(simd: S, sum: T) -> T {
    if sum == T::ZERO { T::ZERO } else { simd.lane(sum).ln().value }
}

#[inline(always)]
fn softmax_block<T: Scalar, S: Simd<T>>(simd: S, n: usize, block: &mut [T]) {
    exponentials(simd, n, block, |_, _| ());
    for row in block.chunks_exact_mut(n.max(1)) {
        let scale = inverse(sum(simd, [&*row], |[x]| x));
        row.iter_mut().for_each(|x| *x *= scale);
    }
}

#[cfg(test)]
mod tests;
