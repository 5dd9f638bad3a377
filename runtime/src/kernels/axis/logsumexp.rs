//! ln(sum of e^x) along an axis, computed without overflow, and its gradient.

use super::softmax::shifts;
use super::{Piece, Sizes};
use crate::kernels::Store;
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::kernels::reduce::{logsumexp_rows, logsumexp_rows_gradient};
use crate::kernels::softmax::inverse;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `y[outer, inner]` = ln(sum of e^x) along the middle axis of `x[outer, n, inner]`. It is +inf if a
/// column contains +inf, and -inf if a column contains only -inf.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn logsumexp<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    if inner == 1 {
        return logsumexp_rows(simd, outer, n, x, y);
    }
    let (x, mut y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
    for piece in Piece::each(outer, n, inner) {
        let mut shifts = shifts(piece, x);
        piece.change(&mut shifts, |shift| if shift.is_finite() { shift } else { T::ZERO });
        let exp = |[x]: [T; 1], j: usize| simd.lane(x - shifts[j]).exp().value;
        let sums = piece.sum([x], exp);
        for ((y, &shift), &sum) in piece.row_mut(&mut y, 0).iter_mut().zip(&shifts).zip(&sums) {
            *y = shift + simd.lane(sum).ln().value;
        }
    }
}

/// Computes the gradient of [`logsumexp`]: dx = dy softmax(x), or 0 if a column contains only -inf.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn logsumexp_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    if inner == 1 {
        return logsumexp_rows_gradient(simd, outer, n, x, dy, dx, store);
    }
    let (x, dy) = (x.as_rows(outer, n * inner), dy.as_rows(outer, inner));
    let mut dx = dx.as_rows_mut(outer, n * inner);
    for piece in Piece::each(outer, n, inner) {
        let shifts = shifts(piece, x);
        let exp = |x: T, shift: T| simd.lane(x - shift).exp().value;
        let mut scales = piece.sum([x], |[x], j| exp(x, shifts[j]));
        piece.change(&mut scales, inverse);
        scales.iter_mut().zip(piece.row(&dy, 0)).for_each(|(scale, &dy)| *scale *= dy);
        for row in 0..n {
            let columns = piece.row_mut(&mut dx, row).iter_mut().zip(piece.row(&x, row));
            for (((dx, &x), &shift), &scale) in columns.zip(&shifts).zip(&scales) {
                store.put(dx, scale * exp(x, shift));
            }
        }
    }
}
