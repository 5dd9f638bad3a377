//! ln(sum of e^x) along an axis, without overflow, and its gradient.

use super::Piece;
use super::softmax::shifts;
use crate::kernels::Store;
use crate::kernels::reduce::{logsumexp_rows, logsumexp_rows_gradient};
use crate::kernels::softmax::inverse;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `y[outer, inner]`: ln(sum of e^x) along the middle axis of `x[outer, n, inner]`: +inf where a
/// column holds +inf, -inf where it holds nothing but -inf.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
pub fn logsumexp<T: Scalar, S: Simd<T>>(
    simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    x: &[T],
    y: &mut [T],
) {
    if inner == 1 {
        return logsumexp_rows(simd, outer, n, x, y);
    }
    assert_eq!((x.len(), y.len()), (outer * n * inner, outer * inner));
    Piece::each(outer, n, inner, |piece| {
        let mut shifts = shifts(piece, x);
        piece.change(&mut shifts, |shift| if shift.is_finite() { shift } else { T::ZERO });
        let exp = |[x]: [T; 1], j: usize| simd.lane(x - shifts[j]).exp().value;
        let sums = piece.fold([x], T::ZERO, exp, |a, b| a + b);
        for ((y, &shift), &sum) in y[piece.reduced()].iter_mut().zip(&shifts).zip(&sums) {
            *y = shift + simd.lane(sum).ln().value;
        }
    });
}

/// The gradient of [`logsumexp`]: dx = dy softmax(x); 0 where a column is nothing but -inf.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and three buffers are the operation")]
pub fn logsumexp_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    x: &[T],
    dy: &[T],
    dx: &mut [T],
    store: Store,
) {
    if inner == 1 {
        return logsumexp_rows_gradient(simd, outer, n, x, dy, dx, store);
    }
    let len = outer * n * inner;
    assert_eq!((x.len(), dy.len(), dx.len()), (len, outer * inner, len));
    Piece::each(outer, n, inner, |piece| {
        let shifts = shifts(piece, x);
        let exp = |x: T, shift: T| simd.lane(x - shift).exp().value;
        let mut scales = piece.fold([x], T::ZERO, |[x], j| exp(x, shifts[j]), |a, b| a + b);
        piece.change(&mut scales, inverse);
        scales.iter_mut().zip(&dy[piece.reduced()]).for_each(|(scale, &dy)| *scale *= dy);
        for row in 0..n {
            let columns = dx[piece.row(row)].iter_mut().zip(&x[piece.row(row)]);
            for (((dx, &x), &shift), &scale) in columns.zip(&shifts).zip(&scales) {
                store.put(dx, scale * exp(x, shift));
            }
        }
    });
}
