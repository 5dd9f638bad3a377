//! The maximum or minimum along an axis, its position, and its gradient.
//!
//! The result is NaN if an element is NaN, as in PyTorch. The first of equal elements counts.

use super::{Piece, Sizes};
use crate::kernels::Store;
use crate::kernels::lanes::{Join, reduce_all};
use crate::kernels::pitch::{AsRows, AsRowsMut, Rows, RowsMut};
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
    fn join(self) -> Join {
        if self == Self::Max { Join::Max } else { Join::Min }
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
pub fn min_max<T: Scalar, S: Simd<T>>(
    simd: S,
    extreme: MinMax,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.min_max(extreme, n, inner, x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
}

/// [`min_max`] as it is compiled with the library.
#[inline(always)]
pub(in crate::kernels) fn compiled<T: Scalar, S: Simd<T>>(
    simd: S,
    extreme: MinMax,
    n: usize,
    inner: usize,
    x: Rows<'_, T>,
    mut y: RowsMut<'_, T>,
) {
    let outer = x.count;
    if inner == 1 {
        for (y, x) in y.iter().zip(x.iter()) {
            y[0] = reduce_all(simd, x, extreme.join());
        }
        return;
    }
    let join = extreme.join();
    for piece in Piece::each(outer, n, inner) {
        let best = piece.fold([x], join.start(), |[x], _| x, |a, b| join.of(a, b));
        piece.row_mut(&mut y, 0).copy_from_slice(&best[..piece.width]);
    }
}

/// `y[outer, inner]` = the first position of the extreme of `x[outer, n, inner]` along the middle
/// axis, or the position of the first NaN.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn position<T: Scalar, S: Simd<T>>(
    simd: S,
    extreme: MinMax,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    simd.position(extreme, n, inner, x.as_rows(outer, n * inner), y.as_rows_mut(outer, inner));
}

/// [`position`] as it is compiled with the library.
#[inline(always)]
pub(in crate::kernels) fn compiled_position<T: Scalar>(
    extreme: MinMax,
    n: usize,
    inner: usize,
    x: Rows<'_, T>,
    mut y: RowsMut<'_, T>,
) {
    let outer = x.count;
    let join = extreme.join();
    for piece in Piece::each(outer, n, inner) {
        let best = piece.fold([x], join.start(), |[x], _| x, |a, b| join.of(a, b));
        let y = piece.row_mut(&mut y, 0);
        // backwards, so that the first position is stored last
        for row in (0..n).rev() {
            let here = T::from_f64(row as f64);
            for ((y, &x), &best) in y.iter_mut().zip(piece.row(&x, row)).zip(&best) {
                *y = if MinMax::is(x, best) { here } else { *y };
            }
        }
    }
}

/// Computes the gradient of [`min_max`] from its argument, its result and the result's gradient: `dy`
/// goes to the first element that is the extreme.
///
/// # Panics
/// If a slice does not fit its shape.
#[inline(always)]
pub fn min_max_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Sizes { outer, len: n, inner }: Sizes,
    x: &(impl AsRows<T> + ?Sized),
    y: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (x, dx) = (x.as_rows(outer, n * inner), dx.as_rows_mut(outer, n * inner));
    let (y, dy) = (y.as_rows(outer, inner), dy.as_rows(outer, inner));
    simd.min_max_gradient(n, inner, x, y, dy, dx, store);
}

/// [`min_max_gradient`] as it is compiled with the library.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "two sizes and four buffers are the operation")]
pub(in crate::kernels) fn compiled_gradient<T: Scalar>(
    n: usize,
    inner: usize,
    x: Rows<'_, T>,
    y: Rows<'_, T>,
    dy: Rows<'_, T>,
    mut dx: RowsMut<'_, T>,
    store: Store,
) {
    let outer = x.count;
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
    for piece in Piece::each(outer, n, inner) {
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
    }
}
