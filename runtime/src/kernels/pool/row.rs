//! Rows of an image with their padding, whose columns are combined into those of the output.

use super::description::Pool;
use crate::kernels::lanes::Join;
use crate::scalar::Scalar;

/// The operation that combines the elements of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Max,
    Sum,
}

impl Fold {
    #[inline(always)]
    pub fn start<T: Scalar>(self) -> T {
        match self {
            Self::Max => Join::Max.start(),
            Self::Sum => T::ZERO,
        }
    }

    #[inline(always)]
    pub fn of<T: Scalar>(self, a: T, b: T) -> T {
        match self {
            Self::Max => Join::Max.of(a, b),
            Self::Sum => a + b,
        }
    }
}

/// Combines the rows of the windows of output row `row` into `t`, a row of the image with its padding.
#[inline(always)]
pub(super) fn fold_rows<T: Scalar>(pool: &Pool, fold: Fold, row: usize, x: &[T], t: &mut [T]) {
    let width = pool.size[1];
    let before = pool.padding[1][0];
    let len = width.min(pool.span(1).saturating_sub(before));
    let [begin, end] = pool.inside(0, row);
    if begin == end || len == 0 {
        return t.fill(fold.start());
    }
    let t = &mut t[before..][..len];
    let first = &x[pool.place(0, row, begin) * width..][..len];
    if end - begin == 1 {
        return t.copy_from_slice(first);
    }
    let second = &x[pool.place(0, row, begin + 1) * width..][..len];
    for ((t, a), b) in t.iter_mut().zip(first).zip(second) {
        *t = fold.of(*a, *b);
    }
    for element in begin + 2..end {
        let x = &x[pool.place(0, row, element) * width..][..len];
        for (t, x) in t.iter_mut().zip(x) {
            *t = fold.of(*t, *x);
        }
    }
}

/// Combines the columns of a padded row into a row of the output.
#[inline(always)]
pub(super) fn fold_columns<T: Scalar>(pool: &Pool, fold: Fold, t: &[T], y: &mut [T]) {
    match pool.stride[1] {
        1 => fold_every::<T, 1>(pool, fold, t, y),
        2 => fold_every::<T, 2>(pool, fold, t, y),
        3 => fold_every::<T, 3>(pool, fold, t, y),
        stride => {
            for (window, y) in y.iter_mut().enumerate() {
                *y = fold.start();
                for element in 0..pool.kernel[1] {
                    *y = fold.of(*y, t[window * stride + element * pool.dilation[1]]);
                }
            }
        }
    }
}

/// Copies every `stride`-th element of a row.
#[inline(always)]
pub(super) fn every<T: Scalar>(stride: usize, t: &[T], y: &mut [T]) {
    match stride {
        1 => y.copy_from_slice(&t[..y.len()]),
        2 => {
            for (y, t) in y.iter_mut().zip(t.chunks_exact(2)) {
                *y = t[0];
            }
        }
        stride => {
            for (y, t) in y.iter_mut().zip(t.iter().step_by(stride)) {
                *y = *t;
            }
        }
    }
}

/// [`fold_columns`] with a stride that is a constant, so that it fills vectors.
#[inline(always)]
fn fold_every<T: Scalar, const STRIDE: usize>(pool: &Pool, fold: Fold, t: &[T], y: &mut [T]) {
    for (y, t) in y.iter_mut().zip(t.chunks_exact(STRIDE)) {
        *y = t[0];
    }
    for element in 1..pool.kernel[1] {
        let t = &t[element * pool.dilation[1]..];
        for (y, t) in y.iter_mut().zip(t.chunks_exact(STRIDE)) {
            *y = fold.of(*y, t[0]);
        }
    }
}

/// Adds each element of `dy` to the columns of its window in a padded row.
#[inline(always)]
pub(super) fn spread_columns<T: Scalar>(pool: &Pool, dy: &[T], t: &mut [T]) {
    t.fill(T::ZERO);
    for element in 0..pool.kernel[1] {
        spread(pool.stride[1], dy, &mut t[element * pool.dilation[1]..]);
    }
}

/// Adds each element of `dy` to every `stride`-th of a row.
#[inline(always)]
pub(super) fn spread<T: Scalar>(stride: usize, dy: &[T], t: &mut [T]) {
    match stride {
        1 => spread_every::<T, 1>(dy, t),
        2 => spread_every::<T, 2>(dy, t),
        stride => {
            for (dy, t) in dy.iter().zip(t.iter_mut().step_by(stride)) {
                *t += *dy;
            }
        }
    }
}

#[inline(always)]
fn spread_every<T: Scalar, const STRIDE: usize>(dy: &[T], t: &mut [T]) {
    for (dy, t) in dy.iter().zip(t.chunks_exact_mut(STRIDE)) {
        t[0] += *dy;
    }
}

/// Adds a padded row to the rows of the windows of output row `row`.
#[inline(always)]
pub(super) fn spread_rows<T: Scalar>(pool: &Pool, row: usize, t: &[T], dx: &mut [T]) {
    let width = pool.size[1];
    let before = pool.padding[1][0];
    let len = width.min(pool.span(1).saturating_sub(before));
    let [begin, end] = pool.inside(0, row);
    if len == 0 {
        return;
    }
    let t = &t[before..][..len];
    for element in begin..end {
        let dx = &mut dx[pool.place(0, row, element) * width..][..len];
        for (dx, t) in dx.iter_mut().zip(t) {
            *dx += *t;
        }
    }
}
