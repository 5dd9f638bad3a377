//! The maximum or minimum along an axis, its position, and its gradient.
//!
//! The result is NaN if an element is NaN, as in PyTorch. The first of equal elements counts.

use super::Piece;
use crate::kernels::Store;
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The choice between maximum and minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinMax {
    /// The maximum.
    Max,
    /// The minimum.
    Min,
}

impl MinMax {
    #[inline(always)]
    fn of<T: Scalar>(self, a: T, b: T) -> T {
        match self {
            Self::Max => a.maximum(b),
            Self::Min => a.minimum(b),
        }
    }

    /// Returns the neutral element.
    #[inline(always)]
    fn start<T: Scalar>(self) -> T {
        T::from_f64(if self == Self::Max { f64::NEG_INFINITY } else { f64::INFINITY })
    }

    /// Returns true if `x` equals the extreme `found`, or is NaN.
    #[inline(always)]
    fn is<T: Scalar>(x: T, found: T) -> bool {
        x == found || x.partial_cmp(&x).is_none()
    }
}

/// `y[outer, inner]` = the extreme of `x[outer, n, inner]` along the middle axis.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and two buffers are the operation")]
pub fn min_max<T: Scalar, S: Simd<T>>(
    simd: S,
    extreme: MinMax,
    outer: usize,
    n: usize,
    inner: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, mut y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
    if inner == 1 {
        for (y, x) in y.iter().zip(x.iter()) {
            y[0] = of_row(simd, extreme, x);
        }
        return;
    }
    Piece::each(outer, n, inner, |piece| {
        let best = piece.fold([x], extreme.start(), |[x], _| x, |a, b| extreme.of(a, b));
        piece.row_mut(&mut y, 0).copy_from_slice(&best[..piece.width]);
    });
}

/// `y[outer, inner]` = the first position of the extreme of `x[outer, n, inner]` along the middle
/// axis, or the position of the first NaN.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and two buffers are the operation")]
pub fn position<T: Scalar, S: Simd<T>>(
    _simd: S,
    extreme: MinMax,
    outer: usize,
    n: usize,
    inner: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, mut y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
    Piece::each(outer, n, inner, |piece| {
        let best = piece.fold([x], extreme.start(), |[x], _| x, |a, b| extreme.of(a, b));
        let y = piece.row_mut(&mut y, 0);
        // backwards, so that the first position is stored last
        for row in (0..n).rev() {
            let here = T::from_f64(row as f64);
            for ((y, &x), &best) in y.iter_mut().zip(piece.row(&x, row)).zip(&best) {
                *y = if MinMax::is(x, best) { here } else { *y };
            }
        }
    });
}

/// Computes the gradient of [`min_max`] from its argument, its result and the result's gradient: `dy`
/// goes to the first element that is the extreme.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and four buffers are the operation")]
pub fn min_max_gradient<T: Scalar, S: Simd<T>>(
    _simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (x, mut dx) = (x.as_rows(outer, n * inner), dx.as_rows_mut(outer, n * inner));
    let (y, dy) = (y.as_rows(outer, inner), dy.as_rows(outer, inner));
    if inner == 1 {
        for ((x, dx), (y, dy)) in x.iter().zip(dx.iter()).zip(y.iter().zip(dy.iter())) {
            if store == Store::Set {
                dx.fill(T::ZERO);
            }
            if let Some(at) = x.iter().position(|&x| MinMax::is(x, y[0])) {
                dx[at] += dy[0];
            }
        }
        return;
    }
    Piece::each(outer, n, inner, |piece| {
        let y = piece.row(&y, 0);
        // the gradients of columns whose extreme has not been reached yet
        let mut left = [T::ZERO; super::WIDTH];
        left[..piece.width].copy_from_slice(piece.row(&dy, 0));
        for row in 0..n {
            let columns = piece.row_mut(&mut dx, row).iter_mut().zip(piece.row(&x, row));
            for (((dx, &x), &y), left) in columns.zip(y).zip(&mut left) {
                let hit = MinMax::is(x, y);
                store.put(dx, if hit { *left } else { T::ZERO });
                *left = if hit { T::ZERO } else { *left };
            }
        }
    });
}

/// Returns the extreme of one row, computed with several accumulators.
#[inline(always)]
fn of_row<T: Scalar, S: Simd<T>>(simd: S, extreme: MinMax, x: &[T]) -> T {
    crate::kernels::lanes::reduce(simd, [x], extreme.start(), |[x]| x, |a, b| extreme.of(a, b))
}
