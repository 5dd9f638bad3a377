//! The maximum of windows.

use super::description::Pool;
use super::row::{Fold, every, fold_columns, fold_rows, spread};
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
    let mut lines = Lines::new();
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
                lines.add(pool, row, x, dy, dx);
            }
        }
    }
}

/// Number of scalars of the image that are looked at together.
const LINE: usize = 512;

/// The buffers of the gradient of some windows in a row.
struct Lines<T> {
    /// A part of a row of the image, with padding.
    x: [T; LINE],
    /// Its gradient.
    dx: [T; LINE],
    /// The maxima.
    y: [T; LINE],
    /// Their gradients, as far as their places have not been found.
    left: [T; LINE],
    /// The part of them that goes to one element of each window.
    part: [T; LINE],
    /// That element of each window.
    each: [T; LINE],
}

impl<T: Scalar> Lines<T> {
    #[inline(always)]
    fn new() -> Self {
        let zero = [T::ZERO; LINE];
        Self { x: zero, dx: zero, y: zero, left: zero, part: zero, each: zero }
    }

    /// Adds the gradient of a row of windows.
    #[inline(always)]
    fn add(&mut self, pool: &Pool, row: usize, x: &[T], dy: &[T], dx: &mut [T]) {
        let most = (LINE + 1).saturating_sub(pool.reach(1)) / pool.stride[1];
        let [begin, end] = pool.inside(0, row);
        if most == 0 || begin == end {
            return add_each(pool, row, 0, x, dy, dx);
        }
        for (block, dy) in dy.chunks(most).enumerate() {
            self.add_block(pool, row, block * most, x, dy, dx);
        }
    }

    /// Adds the gradient of the windows from `first` on. Element by element of the windows, along the row,
    /// those are looked for that equal the maximum, so that it fills vectors: window by window took ten times
    /// as long.
    #[inline(always)]
    fn add_block(
        &mut self,
        pool: &Pool,
        row: usize,
        first: usize,
        x: &[T],
        dy: &[T],
        dx: &mut [T],
    ) {
        let width = pool.size[1];
        let (stride, before) = (pool.stride[1], pool.padding[1][0]);
        let span = (dy.len() - 1) * stride + pool.reach(1);
        // the part of the image, and its place in the line
        let from = (first * stride).saturating_sub(before).min(width);
        let to = before.saturating_sub(first * stride).min(span);
        let len = (width - from).min(span - to);
        let [begin, end] = pool.inside(0, row);
        let line = &mut self.x[..span + stride - 1];
        let line_dx = &mut self.dx[..span + stride - 1];
        let (y, left) = (&mut self.y[..dy.len()], &mut self.left[..dy.len()]);
        let (part, each) = (&mut self.part[..dy.len()], &mut self.each[..dy.len()]);

        line.fill(Fold::Max.start());
        for element in begin..end {
            let x = &x[pool.place(0, row, element) * width + from..][..len];
            for (line, x) in line[to..][..len].iter_mut().zip(x) {
                *line = Fold::Max.of(*line, *x);
            }
        }
        fold_columns(pool, Fold::Max, line, y);
        let mut nan = false;
        for y in y.iter() {
            nan |= y.partial_cmp(y).is_none();
        }
        if nan {
            return add_each(pool, row, first, x, dy, dx);
        }
        left.copy_from_slice(dy);
        // padding equals nothing
        line.fill(T::from_f64(f64::NAN));
        for element in begin..end {
            let first = pool.place(0, row, element) * width + from;
            line[to..][..len].copy_from_slice(&x[first..][..len]);
            line_dx.fill(T::ZERO);
            for element in 0..pool.kernel[1] {
                let from = element * pool.dilation[1];
                every(stride, &line[from..], each);
                choose(each, y, left, part);
                spread(stride, part, &mut line_dx[from..]);
            }
            for (dx, line) in dx[first..][..len].iter_mut().zip(&line_dx[to..]) {
                *dx += *line;
            }
        }
    }
}

/// Moves what is left of a gradient to `part` where the element `x` is the maximum.
///
/// Each loop stores one result, so that it fills vectors; adding zero keeps the compiler from storing only
/// what changes, element by element.
#[inline(always)]
fn choose<T: Scalar>(x: &[T], y: &[T], left: &mut [T], part: &mut [T]) {
    for (((part, left), x), y) in part.iter_mut().zip(&*left).zip(x).zip(y) {
        *part = if *x == *y { *left } else { T::ZERO };
    }
    for ((left, x), y) in left.iter_mut().zip(x).zip(y) {
        *left = if *x == *y { T::ZERO } else { *left + T::ZERO };
    }
}

/// Adds the gradient of the windows from `first` on one by one: with NaN.
#[inline(always)]
fn add_each<T: Scalar>(pool: &Pool, row: usize, first: usize, x: &[T], dy: &[T], dx: &mut [T]) {
    let rows = pool.inside(0, row);
    for (column, dy) in (first..).zip(dy) {
        let columns = pool.inside(1, column);
        if rows[0] < rows[1] && columns[0] < columns[1] {
            dx[largest(pool, [row, column], [rows, columns], x)] += *dy;
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
