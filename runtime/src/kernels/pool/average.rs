//! The mean of windows.

use super::description::Pool;
use super::row::{Fold, fold_columns, fold_rows, spread_columns, spread_rows};
use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;

/// See [`average`](super::average()).
#[inline(always)]
pub(in crate::kernels) fn average<T: Scalar>(
    pool: &Pool,
    x: Rows<'_, T>,
    y: RowsMut<'_, T>,
    scratch: &mut [T],
) {
    let [height, width] = pool.output;
    if height * width == 0 {
        return;
    }
    let (t, counts) = scratch.split_at_mut(pool.span(1) + pool.stride[1]);
    t.fill(T::ZERO);
    let counts = &mut counts[..width];
    for (x, y) in x.iter().zip(y.iter()) {
        let planes = x.chunks_exact((pool.size[0] * pool.size[1]).max(1));
        for (x, y) in planes.zip(y.chunks_exact_mut(height * width)) {
            let mut before = None;
            for (row, y) in y.chunks_exact_mut(width).enumerate() {
                fold_rows(pool, Fold::Sum, row, x, t);
                fold_columns(pool, Fold::Sum, t, y);
                count(pool, row, &mut before, counts);
                for (y, count) in y.iter_mut().zip(&*counts) {
                    *y /= *count;
                }
            }
        }
    }
}

/// See [`average_gradient`](super::average_gradient()).
#[inline(always)]
pub(in crate::kernels) fn gradient<T: Scalar>(
    pool: &Pool,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
    scratch: &mut [T],
) {
    let [height, width] = pool.output;
    let pixels = (pool.size[0] * pool.size[1]).max(1);
    let (t, rest) = scratch.split_at_mut(pool.span(1) + pool.stride[1]);
    let (counts, part) = rest.split_at_mut(width);
    let part = &mut part[..width];
    for (sample, dx) in dx.iter().enumerate() {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        if height * width == 0 {
            continue;
        }
        let planes = dy.row(sample).chunks_exact(height * width);
        for (dy, dx) in planes.zip(dx.chunks_exact_mut(pixels)) {
            let mut before = None;
            for (row, dy) in dy.chunks_exact(width).enumerate() {
                count(pool, row, &mut before, counts);
                for ((part, dy), count) in part.iter_mut().zip(dy).zip(&*counts) {
                    *part = *dy / *count;
                }
                spread_columns(pool, part, t);
                spread_rows(pool, row, t, dx);
            }
        }
    }
}

/// Writes the divisors of the windows of an output row, unless `counts` has those of as many rows.
#[inline(always)]
fn count<T: Scalar>(pool: &Pool, row: usize, before: &mut Option<usize>, counts: &mut [T]) {
    let rows = pool.count(0, row);
    if before.replace(rows) == Some(rows) {
        return;
    }
    for (column, count) in counts.iter_mut().enumerate() {
        // (a window outside of the image has the sum 0)
        let number = pool.divisor.unwrap_or((rows * pool.count(1, column)).max(1));
        *count = T::from_f64(number as f64);
    }
}
