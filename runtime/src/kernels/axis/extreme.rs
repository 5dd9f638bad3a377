//! The largest or the smallest along an axis, where it is, and its gradient.
//!
//! NaN if one is NaN, as in PyTorch; of equal ones the first counts.

use super::Piece;
use crate::kernels::Store;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The extreme that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Extreme {
    #[inline(always)]
    fn of<T: Scalar>(self, a: T, b: T) -> T {
        match self {
            Self::Max => a.maximum(b),
            Self::Min => a.minimum(b),
        }
    }

    /// What every number replaces.
    #[inline(always)]
    fn start<T: Scalar>(self) -> T {
        T::from_f64(if self == Self::Max { f64::NEG_INFINITY } else { f64::INFINITY })
    }

    /// Whether x is what was found.
    #[inline(always)]
    fn is<T: Scalar>(x: T, found: T) -> bool {
        x == found || x.partial_cmp(&x).is_none()
    }
}

/// `y[outer, inner]`: the extreme of `x[outer, n, inner]` along the middle axis.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and two buffers are the operation")]
pub fn extreme<T: Scalar, S: Simd<T>>(
    _simd: S,
    extreme: Extreme,
    outer: usize,
    n: usize,
    inner: usize,
    x: &[T],
    y: &mut [T],
) {
    assert_eq!((x.len(), y.len()), (outer * n * inner, outer * inner));
    if inner == 1 {
        for (y, x) in y.iter_mut().zip(x.chunks_exact(n.max(1))) {
            *y = of_row(extreme, x);
        }
        return;
    }
    Piece::each(outer, n, inner, |piece| {
        let best = piece.fold([x], extreme.start(), |[x], _| x, |a, b| extreme.of(a, b));
        y[piece.reduced()].copy_from_slice(&best[..piece.width]);
    });
}

/// `y[outer, inner]`: the first position of the extreme of `x[outer, n, inner]` along the middle
/// axis; of the first NaN where there is one.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and two buffers are the operation")]
pub fn position<T: Scalar, S: Simd<T>>(
    _simd: S,
    extreme: Extreme,
    outer: usize,
    n: usize,
    inner: usize,
    x: &[T],
    y: &mut [T],
) {
    assert_eq!((x.len(), y.len()), (outer * n * inner, outer * inner));
    Piece::each(outer, n, inner, |piece| {
        let best = piece.fold([x], extreme.start(), |[x], _| x, |a, b| extreme.of(a, b));
        let y = &mut y[piece.reduced()];
        // backwards, so that the first one is what stays
        for row in (0..n).rev() {
            let here = T::from_f64(row as f64);
            for ((y, &x), &best) in y.iter_mut().zip(&x[piece.row(row)]).zip(&best) {
                *y = if Extreme::is(x, best) { here } else { *y };
            }
        }
    });
}

/// The gradient of [`extreme`], from its argument, its result and the result's gradient: `dy` goes
/// to the first element that is the extreme.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "three sizes and four buffers are the operation")]
pub fn extreme_gradient<T: Scalar, S: Simd<T>>(
    _simd: S,
    outer: usize,
    n: usize,
    inner: usize,
    x: &[T],
    y: &[T],
    dy: &[T],
    dx: &mut [T],
    store: Store,
) {
    assert_eq!((x.len(), dx.len()), (outer * n * inner, outer * n * inner));
    assert_eq!((y.len(), dy.len()), (outer * inner, outer * inner));
    if inner == 1 {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        for (row, (&y, &dy)) in y.iter().zip(dy).enumerate() {
            let found = x[row * n..][..n].iter().position(|&x| Extreme::is(x, y));
            if let Some(at) = found {
                dx[row * n + at] += dy;
            }
        }
        return;
    }
    Piece::each(outer, n, inner, |piece| {
        let y = &y[piece.reduced()];
        // what is still to be given away
        let mut left = [T::ZERO; super::WIDTH];
        left[..piece.width].copy_from_slice(&dy[piece.reduced()]);
        for row in 0..n {
            let columns = dx[piece.row(row)].iter_mut().zip(&x[piece.row(row)]);
            for (((dx, &x), &y), left) in columns.zip(y).zip(&mut left) {
                let hit = Extreme::is(x, y);
                store.put(dx, if hit { *left } else { T::ZERO });
                *left = if hit { T::ZERO } else { *left };
            }
        }
    });
}

/// The extreme of one row, in several accumulators.
#[inline(always)]
fn of_row<T: Scalar>(extreme: Extreme, x: &[T]) -> T {
    crate::kernels::lanes::reduce([x], extreme.start(), |[x]| x, |a, b| extreme.of(a, b))
}
