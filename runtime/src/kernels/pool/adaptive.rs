//! The means of the parts of an image, whose number is given.

use crate::kernels::Store;
use crate::kernels::lanes::whole;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// A division of images into a given number of parts. Of an axis of `n` elements, part `i` of `m` has the
/// elements from `i n / m`, rounded down, to `(i + 1) n / m`, rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adaptive {
    channels: usize,
    pub(super) size: [usize; 2],
    pub(super) output: [usize; 2],
}

impl Adaptive {
    /// Returns the division of `channels` images of height and width `size` into `output` parts along each axis.
    ///
    /// # Panics
    /// If the image is empty and the output is not.
    #[must_use]
    pub const fn new(channels: usize, size: [usize; 2], output: [usize; 2]) -> Self {
        let empty = output[0] * output[1] == 0;
        assert!(empty || size[0] * size[1] > 0, "an empty image has no mean");
        Self { channels, size, output }
    }

    /// Returns the height and width of the output.
    #[must_use]
    pub const fn output_size(&self) -> [usize; 2] {
        self.output
    }

    /// Returns the number of scalars of a sample of the input.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Returns the number of scalars of a sample of the output.
    #[must_use]
    pub const fn output_len(&self) -> usize {
        self.channels * self.output[0] * self.output[1]
    }

    /// Returns the number of scalars of scratch of either kernel, for any number of samples.
    #[must_use]
    pub const fn scratch(&self) -> usize {
        self.size[1]
    }

    /// Returns the first and the end of the elements of part `part`.
    #[inline(always)]
    fn part(&self, axis: usize, part: usize) -> [usize; 2] {
        let (size, parts) = (self.size[axis], self.output[axis]);
        [part * size / parts, ((part + 1) * size).div_ceil(parts)]
    }

    #[inline(always)]
    fn is_empty(&self) -> bool {
        self.output[0] * self.output[1] == 0
    }
}

/// See [`adaptive_average`](super::adaptive_average()).
#[inline(always)]
pub(in crate::kernels) fn average<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Adaptive,
    x: Rows<'_, T>,
    y: RowsMut<'_, T>,
    scratch: &mut [T],
) {
    let ([height, width], pixels) = (pool.output, pool.size[0] * pool.size[1]);
    if pool.is_empty() {
        return;
    }
    let t = &mut scratch[..pool.size[1]];
    for (x, y) in x.iter().zip(y.iter()) {
        let planes = x.chunks_exact(pixels).zip(y.chunks_exact_mut(height * width));
        for (x, y) in planes {
            if height * width == 1 {
                y[0] = whole::sum(simd, x) / T::from_f64(pixels as f64);
                continue;
            }
            for (row, y) in y.chunks_exact_mut(width).enumerate() {
                let [top, bottom] = pool.part(0, row);
                let mut rows = x[top * pool.size[1]..bottom * pool.size[1]].chunks_exact(t.len());
                if let Some(row) = rows.next() {
                    t.copy_from_slice(row);
                }
                for row in rows {
                    for (t, x) in t.iter_mut().zip(row) {
                        *t += *x;
                    }
                }
                for (column, y) in y.iter_mut().enumerate() {
                    let [left, right] = pool.part(1, column);
                    let count = (bottom - top) * (right - left);
                    *y = whole::sum(simd, &t[left..right]) / T::from_f64(count as f64);
                }
            }
        }
    }
}

/// See [`adaptive_average_gradient`](super::adaptive_average_gradient()).
#[inline(always)]
pub(in crate::kernels) fn gradient<T: Scalar>(
    pool: &Adaptive,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
    scratch: &mut [T],
) {
    let ([height, width], pixels) = (pool.output, pool.size[0] * pool.size[1]);
    let t = &mut scratch[..pool.size[1]];
    for (sample, dx) in dx.iter().enumerate() {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        if pool.is_empty() {
            continue;
        }
        let planes = dy.row(sample).chunks_exact(height * width);
        for (dy, dx) in planes.zip(dx.chunks_exact_mut(pixels)) {
            for (row, dy) in dy.chunks_exact(width).enumerate() {
                let [top, bottom] = pool.part(0, row);
                t.fill(T::ZERO);
                for (column, dy) in dy.iter().enumerate() {
                    let [left, right] = pool.part(1, column);
                    let count = (bottom - top) * (right - left);
                    let part = *dy / T::from_f64(count as f64);
                    for t in &mut t[left..right] {
                        *t += part;
                    }
                }
                let rows = &mut dx[top * pool.size[1]..bottom * pool.size[1]];
                for row in rows.chunks_exact_mut(t.len()) {
                    for (dx, t) in row.iter_mut().zip(&*t) {
                        *dx += *t;
                    }
                }
            }
        }
    }
}
