//! The reductions of loops over rows: of a row in memory, or of terms that are computed from rows.
//!
//! They use the loops of `lanes`, with the same accumulators, so that a sum is as accurate
//! whether its terms were in memory or not.

use super::lanes::{self, Join};
use super::norm::{root, scaled};
use crate::number::{Lane, Number};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Returns the sum of a row.
#[inline(always)]
pub fn sum_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> Lane<T, S> {
    Lane::new(lanes::sum_all(simd, x))
}

/// Returns the maximum of a row; NaN if an element is NaN.
#[inline(always)]
pub fn max_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> Lane<T, S> {
    Lane::new(lanes::reduce_all(simd, x, Join::Max))
}

/// Returns the minimum of a row; NaN if an element is NaN.
#[inline(always)]
pub fn min_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> Lane<T, S> {
    Lane::new(lanes::reduce_all(simd, x, Join::Min))
}

/// Returns the sum of `term(x[0][i], .., x[K - 1][i])` over all positions of the row.
#[inline(always)]
pub fn sum<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([Lane<T, S>; K]) -> Lane<T, S>,
) -> Lane<T, S> {
    Lane::new(lanes::sum(simd, x, |x| term(of(x)).value))
}

/// Returns the root of the sum of the squares of all terms. It is accurate whenever it is in range itself.
#[inline(always)]
pub fn norm<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([Lane<T, S>; K]) -> Lane<T, S>,
) -> Lane<T, S> {
    let squares = sum(simd, x, |x| {
        let term = term(x);
        term * term
    });
    let n = x[0].len();
    let number = |i: usize| term(of(lanes::at(x, i))).value;
    Lane::new(root(n, squares.value, |factor| scaled(n, factor, number)))
}

/// Returns the maximum of all terms; NaN if a term is NaN.
#[inline(always)]
pub fn max<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([Lane<T, S>; K]) -> Lane<T, S>,
) -> Lane<T, S> {
    Lane::new(lanes::reduce(simd, x, Join::Max, |x| term(of(x)).value))
}

/// Returns the minimum of all terms; NaN if a term is NaN.
#[inline(always)]
pub fn min<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([Lane<T, S>; K]) -> Lane<T, S>,
) -> Lane<T, S> {
    Lane::new(lanes::reduce(simd, x, Join::Min, |x| term(of(x)).value))
}

/// Returns ln(sum of e^term) without overflow: +inf if a term is +inf, -inf if all terms are -inf.
#[inline(always)]
pub fn logsumexp<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([Lane<T, S>; K]) -> Lane<T, S>,
) -> Lane<T, S> {
    let largest = max(simd, x, &term);
    let shift = if largest.value.is_finite() { largest } else { Lane::constant(0.0) };
    shift + sum(simd, x, |x| (term(x) - shift).exp()).ln()
}

/// Returns scalars as [`Lane`]s. (A loop, as `map` compiles to a dozen functions each time.)
#[inline(always)]
fn of<T: Scalar, S: Simd<T>, const K: usize>(x: [T; K]) -> [Lane<T, S>; K] {
    let mut lanes = [Lane::new(T::ZERO); K];
    for k in 0..K {
        lanes[k] = Lane::new(x[k]);
    }
    lanes
}

#[cfg(test)]
mod tests;
