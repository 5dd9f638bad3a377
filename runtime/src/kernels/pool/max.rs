//! The maximum of windows.

use super::description::Pool;
use super::row::{Fold, fold_columns, fold_rows};
use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;

/// See [`max`](super::max()).
#[inline(always)]
pub(in crate::kernels) fn max<T: Scalar>(
    pool: &Pool,
    x: Rows<'_, T>,
    y: RowsMut<'_, T>,
    scratch: &mut [T],
) {
    let [height, width] = pool.output;
    let len = pool.span(1) + pool.stride[1];
    let t = &mut scratch[..len];
    if height * width == 0 {
        return;
    }
    t.fill(Fold::Max.start());
    for (x, y) in x.iter().zip(y.iter()) {
        let planes = x.chunks_exact((pool.size[0] * pool.size[1]).max(1));
        for (x, y) in planes.zip(y.chunks_exact_mut(height * width)) {
            for (row, y) in y.chunks_exact_mut(width).enumerate() {
                fold_rows(pool, Fold::Max, row, x, t);
                fold_columns(pool, Fold::Max, t, y);
            }
        }
    }
}

/// See [`max_gradient`](super::max_gradient()).
#[inline(always)]
pub(in crate::kernels) fn gradient<T: Scalar>(
    pool: &Pool,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
) {
    let [height, width] = pool.output;
    let pixels = (pool.size[0] * pool.size[1]).max(1);
    for ((sample, x), dx) in x.iter().enumerate().zip(dx.iter()) {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        if height * width == 0 {
            continue;
        }
        let planes = dy.row(sample).chunks_exact(height * width);
        for ((dy, x), dx) in planes.zip(x.chunks_exact(pixels)).zip(dx.chunks_exact_mut(pixels)) {
            for (row, dy) in dy.chunks_exact(width).enumerate() {
                let rows = pool.inside(0, row);
                for (column, dy) in dy.iter().enumerate() {
                    let columns = pool.inside(1, column);
                    if rows[0] < rows[1] && columns[0] < columns[1] {
                        dx[largest(pool, [row, column], [rows, columns], x)] += *dy;
                    }
                }
            }
        }
    }
}

/// Returns the place of the maximum of a window: of its first largest element, or of its last NaN.
#[inline(always)]
fn largest<T: Scalar>(
    pool: &Pool,
    [row, column]: [usize; 2],
    [rows, columns]: [[usize; 2]; 2],
    x: &[T],
) -> usize {
    let width = pool.size[1];
    let left = pool.place(1, column, columns[0]);
    let mut found = pool.place(0, row, rows[0]) * width + left;
    let mut largest = Fold::Max.start();
    for element in rows[0]..rows[1] {
        let mut at = pool.place(0, row, element) * width + left;
        for _ in columns[0]..columns[1] {
            let x = x[at];
            let better = x > largest || x.partial_cmp(&x).is_none();
            largest = if better { x } else { largest };
            found = if better { at } else { found };
            at += pool.dilation[1];
        }
    }
    found
}
