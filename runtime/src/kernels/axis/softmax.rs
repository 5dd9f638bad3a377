//! Softmax and log-softmax along the middle axis. For contiguous rows see
//! [`kernels::softmax`](crate::kernels::softmax), which treats infinities in the same way.

use super::{Columns, Piece, Sizes};
use crate::kernels::Store;
use crate::kernels::pitch::{AsRows, AsRowsMut, Rows, RowsMut};
use crate::kernels::softmax::{inverse, ln_sum, passed};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// y = softmax(x) along the middle axis of `[outer, n, inner]`.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn softmax<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    y.as_rows_mut(outer, n * inner).copy_from(x.as_rows(outer, n * inner));
    softmax_in_place(simd, Sizes { outer, len: n, inner }, y);
}

/// Like [`softmax`], in place.
#[inline(always)]
pub fn softmax_in_place<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.axis_softmax(n, inner, x.as_rows_mut(outer, n * inner));
}

/// [`softmax_in_place`] as it is compiled with the library.
#[inline(always)]
pub(in crate::kernels) fn compiled<T: Scalar, S: Simd<T>>(
    simd: S,
    n: usize,
    inner: usize,
    mut x: RowsMut<'_, T>,
) {
    let outer = x.count;
    for piece in Piece::each(outer, n, inner) {
        let shifts = shifts(piece, x.as_rows());
        let mut sums = piece.sum_rows(|row, sums| {
            let x = piece.row_mut(&mut x, row);
            for ((x, &shift), sum) in x.iter_mut().zip(&shifts).zip(sums) {
                *x = simd.lane(*x - shift).exp().value;
                *sum += *x;
            }
        });
        piece.change(&mut sums, inverse);
        for row in 0..n {
            let columns = piece.row_mut(&mut x, row).iter_mut().zip(&sums);
            columns.for_each(|(x, &scale)| *x *= scale);
        }
    }
}

/// Computes dx from dy and the output y: dx_i = y_i (dy_i - sum of y_j dy_j).
#[inline(always)]
pub fn softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (y, dy) = (y.as_rows(outer, n * inner), dy.as_rows(outer, n * inner));
    simd.axis_softmax_gradient(n, inner, y, dy, dx.as_rows_mut(outer, n * inner), store);
}

/// [`softmax_gradient`] as it is compiled with the library.
#[inline(always)]
pub(in crate::kernels) fn compiled_gradient<T: Scalar>(
    n: usize,
    inner: usize,
    y: Rows<'_, T>,
    dy: Rows<'_, T>,
    mut dx: RowsMut<'_, T>,
    store: Store,
) {
    let outer = y.count;
    for piece in Piece::each(outer, n, inner) {
        let means = piece.sum([y, dy], |[y, dy], _| y * passed(y, dy));
        let of_row = |[y, dy]: [T; 2], mean| y * (passed(y, dy) - mean);
        piece.spread([y, dy], &means, &mut dx, store, of_row);
    }
}

/// y = ln softmax(x) along the middle axis of `[outer, n, inner]`.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn log_softmax<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, mut y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, n * inner));
    for piece in Piece::each(outer, n, inner) {
        let shifts = shifts(piece, x);
        let exp = |[x]: [T; 1], j: usize| simd.lane(x - shifts[j]).exp().value;
        let mut lns = piece.sum([x], exp);
        piece.change(&mut lns, |sum| ln_sum(simd, sum));
        for row in 0..n {
            let columns = piece.row_mut(&mut y, row).iter_mut().zip(piece.row(&x, row));
            for (((y, &x), &shift), &ln) in columns.zip(&shifts).zip(&lns) {
                *y = (x - shift) - ln;
            }
        }
    }
}

/// Computes dx from dy and the output y: dx_i = dy_i - e^y_i * (sum of dy_j).
#[inline(always)]
pub fn log_softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (y, dy) = (y.as_rows(outer, n * inner), dy.as_rows(outer, n * inner));
    let mut dx = dx.as_rows_mut(outer, n * inner);
    for piece in Piece::each(outer, n, inner) {
        let sums = piece.sum([dy], |[dy], _| dy);
        let of_row = |[y, dy]: [T; 2], sum| dy - simd.lane(y).exp().value * sum;
        piece.spread([y, dy], &sums, &mut dx, store, of_row);
    }
}

/// Returns the shift of each column: its maximum, or 0 if the column contains only -inf.
#[inline(always)]
pub(super) fn shifts<T: Scalar>(piece: Piece, x: Rows<'_, T>) -> Columns<T> {
    let lowest = T::from_f64(f64::NEG_INFINITY);
    let join = |a, b| if b > a { b } else { a };
    let mut largest = piece.fold([x], lowest, |[x], _| x, join);
    piece.change(&mut largest, |max| if max == lowest { T::ZERO } else { max });
    largest
}
