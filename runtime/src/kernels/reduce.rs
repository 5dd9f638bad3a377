//! Sums, positions of maxima, and log-sum-exp over the rows or columns of a matrix.
//!
//! A reduction over the middle axis of `[outer, axis, inner]` is [`sum_columns`] for each `outer`.

use super::Store;
use super::axis::Sizes;
use super::lanes::{self, max, sum};
use super::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::array::from_fn;

pub(super) mod columns;
pub(super) mod compiled;

/// Returns the sum of `x`.
#[inline(always)]
pub fn sum_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    lanes::sum_all(simd, x)
}

/// `y[n]` = the sum of each column of `x[rows, n]`, as for the gradient of a bias or of a broadcast.
#[inline(always)]
pub fn sum_columns<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut [T],
    store: Store,
) {
    let x = x.as_rows(rows, n);
    assert_eq!(y.len(), n);
    if rows > columns::ROW_BLOCK {
        return simd.sum_columns(x, y, store);
    }
    if store == Store::Set {
        y.fill(T::ZERO);
    }
    // Four rows at a time, so that y is loaded and stored a quarter as often.
    for quad in 0..rows / 4 {
        let [a, b, c, d] = from_fn(|row| x.row(4 * quad + row));
        for ((((y, &a), &b), &c), &d) in y.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *y += (a + b) + (c + d);
        }
    }
    for row in rows / 4 * 4..rows {
        y.iter_mut().zip(x.row(row)).for_each(|(y, &x)| *y += x);
    }
}

/// `y[n]` = the mean of `x[samples, n]` over the samples; `share` is one over their number.
#[inline(always)]
pub fn batch_mean<T: Scalar, S: Simd<T>>(
    simd: S,
    samples: usize,
    n: usize,
    share: T,
    x: &[T],
    y: &mut [T],
) {
    sum_columns(simd, samples, n, x, y, Store::Set);
    y.iter_mut().for_each(|y| *y *= share);
}

/// `y[outer, inner]` = the sums of `x[outer, len, inner]` over the middle axis.
#[inline(always)]
pub fn sum_axis<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: summed, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (x, y) = (x.as_rows(outer, summed * inner), y.as_rows_mut(outer, inner));
    for (x, y) in x.iter().zip(y.iter()) {
        if inner == 1 {
            store.put(&mut y[0], sum_all(simd, x));
        } else {
            sum_columns(simd, summed, inner, x, y, store);
        }
    }
}

/// Returns the first position of the largest element of `x`, or of the first NaN if there is one, as
/// PyTorch does.
///
/// # Panics
/// If `x` is empty.
#[inline(always)]
pub fn argmax<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> usize {
    // Comparing with one value is faster than tracking positions during the reduction.
    let max = max(simd, x);
    let nan = sum(simd, [x], |[x]| if x.partial_cmp(&x).is_none() { T::ONE } else { T::ZERO });
    let found = if nan > T::ZERO {
        x.iter().position(|x| x.partial_cmp(x).is_none())
    } else {
        x.iter().position(|&x| x == max)
    };
    found.expect("the maximum of nothing")
}

/// `y[rows]` = ln(sum of e^x_i) of each row of `x[rows, n]`, without overflow: +inf if a row
/// contains +inf, -inf if it contains only -inf.
#[inline(always)]
pub fn logsumexp_rows<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.logsumexp(x.as_rows(rows, n), y.as_rows_mut(rows, 1));
}

/// Computes the gradient of [`logsumexp_rows`]: dx = dy softmax(x) along each row, or 0 if a row contains
/// only -inf. (Computed from the output y, as dy e^(x - y), it would lose all digits if y is large.)
#[inline(always)]
pub fn logsumexp_rows_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (x, dy) = (x.as_rows(rows, n), dy.as_rows(rows, 1));
    simd.logsumexp_gradient(x, dy, dx.as_rows_mut(rows, n), store);
}

#[cfg(test)]
mod tests;
