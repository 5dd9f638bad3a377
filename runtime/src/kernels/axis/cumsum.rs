//! Cumulative sums, forward and reversed. Each is the gradient of the other.

use super::{Piece, Sizes, WIDTH};
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `y[.., i, ..]` = the sum of `x[.., j, ..]` over j <= i, for tensors `[outer, n, inner]`. If
/// `reversed`, the sum is over j >= i, which is the gradient of the other.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn cumsum<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    reversed: bool,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    y.as_rows_mut(outer, n * inner).copy_from(x.as_rows(outer, n * inner));
    cumsum_in_place(simd, Sizes { outer, len: n, inner }, reversed, y);
}

/// Like [`cumsum`], in place.
#[inline(always)]
pub fn cumsum_in_place<T: Scalar, S: Simd<T>>(
    _simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    reversed: bool,
    x: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let mut x = x.as_rows_mut(outer, n * inner);
    if inner == 1 {
        for row in x.iter() {
            let mut sum = 0.0;
            if reversed {
                row.iter_mut().rev().for_each(|x| go_on(x, &mut sum));
            } else {
                row.iter_mut().for_each(|x| go_on(x, &mut sum));
            }
        }
        return;
    }
    for piece in Piece::each(outer, n, inner) {
        let mut sums = [0.0; WIDTH];
        for step in 0..n {
            let row = piece.row_mut(&mut x, if reversed { n - 1 - step } else { step });
            row.iter_mut().zip(&mut sums).for_each(|(x, sum)| go_on(x, sum));
        }
    }
}

/// Adds the next term `x` to the sum and replaces it by the sum. Sums are in `f64`, as in PyTorch, so
/// that the last of a million is as accurate as the first.
#[inline(always)]
fn go_on<T: Scalar>(x: &mut T, sum: &mut f64) {
    *sum += x.to_f64();
    *x = T::from_f64(*sum);
}
