//! The Euclidean norm along an axis.

use super::{Piece, Sizes};
use crate::kernels::norm::{root, scaled};
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::kernels::rows;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `y[outer, inner]` = the root of the sum of the squares of `x[outer, n, inner]` along the middle
/// axis. It is accurate whenever the result is in range, even if the squares are not.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn norm<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, mut y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
    if inner == 1 {
        for (y, x) in y.iter().zip(x.iter()) {
            y[0] = rows::norm(simd, [x], |[x]| x).value;
        }
        return;
    }
    for piece in Piece::each(outer, n, inner) {
        let square = |[x]: [T; 1], _| (simd.lane(x) * simd.lane(x)).value;
        let sums = piece.sum([x], square);
        for (j, (y, &squares)) in piece.row_mut(&mut y, 0).iter_mut().zip(&sums).enumerate() {
            *y = root(n, squares, |factor| scaled(n, factor, |row| piece.row(&x, row)[j]));
        }
    }
}
