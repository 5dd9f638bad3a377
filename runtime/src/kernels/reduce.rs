//! Sums, maxima and logarithms of sums over the rows or columns of a matrix.
//!
//! A reduction over a middle axis of `[outer, axis, inner]` is [`sum_columns`] for each `outer`.

use super::Store;
use super::lanes::{max, sum};
use super::softmax::{inverse, shift, sum_of_exponentials};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The sum of all of `x`.
#[inline(always)]
pub fn sum_all<T: Scalar, S: Simd<T>>(_simd: S, x: &[T]) -> T {
    sum([x], |[x]| x)
}

/// `y[n]`: the sum of each column of `x[rows, n]`; a bias's gradient, or a broadcast's.
#[inline(always)]
pub fn sum_columns<T: Scalar, S: Simd<T>>(
    _simd: S,
    rows: usize,
    n: usize,
    x: &[T],
    y: &mut [T],
    store: Store,
) {
    assert_eq!((x.len(), y.len()), (rows * n, n));
    if store == Store::Set {
        y.fill(T::ZERO);
    }
    // Four rows at a time, so that y is loaded and stored a quarter as often.
    let mut quads = x.chunks_exact(4 * n.max(1));
    for quad in &mut quads {
        let (ab, cd) = quad.split_at(2 * n);
        let ((a, b), (c, d)) = (ab.split_at(n), cd.split_at(n));
        for ((((y, &a), &b), &c), &d) in y.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *y += (a + b) + (c + d);
        }
    }
    for row in quads.remainder().chunks_exact(n.max(1)) {
        y.iter_mut().zip(row).for_each(|(y, &x)| *y += x);
    }
}

/// `y[outer, inner]`: the sums of `x[outer, summed, inner]` over the middle axis.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn sum_axis<T: Scalar, S: Simd<T>>(
    simd: S,
    outer: usize,
    summed: usize,
    inner: usize,
    x: &[T],
    y: &mut [T],
    store: Store,
) {
    assert_eq!((x.len(), y.len()), (outer * summed * inner, outer * inner));
    if inner == 1 {
        for (y, x) in y.iter_mut().zip(x.chunks_exact(summed.max(1))) {
            store.put(y, sum_all(simd, x));
        }
        return;
    }
    let blocks = x.chunks_exact((summed * inner).max(1)).zip(y.chunks_exact_mut(inner.max(1)));
    for (x, y) in blocks {
        sum_columns(simd, summed, inner, x, y, store);
    }
}

/// The first position of the largest element of `x`; of the first NaN where there is one, as in
/// PyTorch.
///
/// # Panics
/// When `x` is empty.
#[inline(always)]
pub fn argmax<T: Scalar, S: Simd<T>>(_simd: S, x: &[T]) -> usize {
    // Both searches compare with one value, which is quicker than carrying positions along.
    let max = max(x);
    let nan = sum([x], |[x]| if x.partial_cmp(&x).is_none() { T::ONE } else { T::ZERO });
    let found = if nan > T::ZERO {
        x.iter().position(|x| x.partial_cmp(x).is_none())
    } else {
        x.iter().position(|&x| x == max)
    };
    found.expect("the maximum of nothing")
}

/// `y[rows]`: ln(sum of e^x_i) of each row of `x[rows, n]`, without overflow: +inf where a row
/// holds +inf, -inf where it holds nothing but -inf.
#[inline(always)]
pub fn logsumexp_rows<T: Scalar, S: Simd<T>>(simd: S, rows: usize, n: usize, x: &[T], y: &mut [T]) {
    per_row(rows, n, x, y, |x| {
        let shift = shift(x);
        let shift = if shift.is_finite() { shift } else { T::ZERO };
        let sum = sum_of_exponentials(simd, x, shift);
        shift + simd.lane(sum).ln().value
    });
}

/// The gradient of [`logsumexp_rows`]: dx = dy softmax(x) along each row; 0 where a row is nothing
/// but -inf. (From the output y it would be dy e^(x - y), without digits where y is large.)
#[inline(always)]
pub fn logsumexp_rows_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    n: usize,
    x: &[T],
    dy: &[T],
    dx: &mut [T],
    store: Store,
) {
    assert_eq!((x.len(), dy.len(), dx.len()), (rows * n, rows, rows * n));
    for (row, &dy) in dy.iter().enumerate() {
        let (x, dx) = (&x[row * n..][..n], &mut dx[row * n..][..n]);
        let shift = shift(x);
        let exp = |x: T| simd.lane(x - shift).exp().value;
        let scale = dy * inverse(sum_of_exponentials(simd, x, shift));
        dx.iter_mut().zip(x).for_each(|(dx, &x)| store.put(dx, scale * exp(x)));
    }
}

/// `y[row]` = `value`(`x[row, ..]`).
#[inline(always)]
fn per_row<T: Scalar>(rows: usize, n: usize, x: &[T], y: &mut [T], value: impl Fn(&[T]) -> T) {
    assert_eq!((x.len(), y.len()), (rows * n, rows));
    for (row, y) in y.iter_mut().enumerate() {
        *y = value(&x[row * n..][..n]);
    }
}

#[cfg(test)]
mod tests;
