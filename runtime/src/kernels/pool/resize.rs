//! Resizing images: each pixel is that of the nearest place in the image, or interpolated between four.

use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;

/// Number of columns of the output that are computed together, and whose places are computed once.
const COLUMNS: usize = 128;

/// The sizes of images before and after resizing, and the way in which it is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize {
    channels: usize,
    pub(super) size: [usize; 2],
    pub(super) output: [usize; 2],
    /// Distance in the image between two pixels of the output.
    pub(super) step: [f64; 2],
    pub(super) mode: Mode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Nearest,
    Bilinear { align_corners: bool },
}

impl Resize {
    /// Returns the resizing of `channels` images of height and width `size` to `output`, to the nearest pixel.
    ///
    /// # Panics
    /// If the image is empty and the output is not.
    #[must_use]
    pub const fn to(channels: usize, size: [usize; 2], output: [usize; 2]) -> Self {
        let empty = output[0] * output[1] == 0;
        assert!(empty || size[0] * size[1] > 0, "an empty image cannot be resized");
        let step = [ratio(size[0], output[0]), ratio(size[1], output[1])];
        Self { channels, size, output, step, mode: Mode::Nearest }
    }

    /// Returns the resizing by a factor along each axis. As in PyTorch, the size is rounded down, and the
    /// distance between pixels is that of the factor.
    ///
    /// # Panics
    /// If a factor is not positive.
    #[must_use]
    pub const fn by(channels: usize, size: [usize; 2], factor: [f64; 2]) -> Self {
        assert!(factor[0] > 0.0 && factor[1] > 0.0, "a factor is positive");
        let output = [(size[0] as f64 * factor[0]) as usize, (size[1] as f64 * factor[1]) as usize];
        let mut resize = Self::to(channels, size, output);
        resize.step = [1.0 / factor[0], 1.0 / factor[1]];
        resize
    }

    /// Interpolates between four pixels. With `align_corners` the corners of both images are the same
    /// places, or else the borders are.
    #[must_use]
    pub const fn bilinear(mut self, align_corners: bool) -> Self {
        self.mode = Mode::Bilinear { align_corners };
        if align_corners {
            let mut axis = 0;
            while axis < 2 {
                self.step[axis] = match self.output[axis] {
                    0 | 1 => 0.0,
                    output => ratio(self.size[axis] - 1, output - 1),
                };
                axis += 1;
            }
        }
        self
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

    #[inline(always)]
    fn is_empty(&self) -> bool {
        self.output[0] * self.output[1] == 0
    }

    /// Writes the places of the columns of the output from `left` on, as many as there are or fit.
    #[inline(always)]
    fn columns<'a, T: Scalar>(
        &self,
        left: usize,
        places: &'a mut [Place<T>; COLUMNS],
    ) -> &'a [Place<T>] {
        let places = &mut places[..COLUMNS.min(self.output[1] - left)];
        for (place, column) in places.iter_mut().zip(left..) {
            *place = self.place(1, column);
        }
        places
    }

    /// Returns the place of a row or column of the output.
    #[inline(always)]
    fn place<T: Scalar>(&self, axis: usize, position: usize) -> Place<T> {
        let (last, step) = (self.size[axis] - 1, self.step[axis]);
        let (first, beyond) = match self.mode {
            // in the precision of PyTorch, which decides where the exact place is a whole number
            Mode::Nearest => ((position as f32 * step as f32) as usize, 0.0),
            Mode::Bilinear { align_corners } => {
                let position = position as f64;
                let place = if align_corners {
                    position * step
                } else {
                    ((position + 0.5) * step - 0.5).max(0.0)
                };
                (place as usize, place - (place as usize) as f64)
            }
        };
        let first = first.min(last);
        let second = (first + 1).min(last);
        let beyond = T::from_f64(beyond);
        Place { at: [first, second], share: [T::ONE - beyond, beyond] }
    }
}

const fn ratio(size: usize, output: usize) -> f64 {
    if output == 0 { 0.0 } else { size as f64 / output as f64 }
}

/// The two rows or columns of an image that make one of the output, and their shares.
#[derive(Clone, Copy)]
struct Place<T> {
    at: [usize; 2],
    share: [T; 2],
}

impl<T: Scalar> Place<T> {
    const NONE: Self = Self { at: [0; 2], share: [T::ZERO; 2] };
}

/// See [`resize`](super::resize()).
#[inline(always)]
pub(in crate::kernels) fn resize<T: Scalar>(resize: &Resize, x: Rows<'_, T>, y: RowsMut<'_, T>) {
    let Resize { size: [_, width], output: [_, output_width], .. } = *resize;
    let mut columns = [Place::<T>::NONE; COLUMNS];
    if resize.is_empty() {
        return;
    }
    for (x, y) in x.iter().zip(y.iter()) {
        let planes = x.chunks_exact(resize.size[0] * width);
        for left in (0..output_width).step_by(COLUMNS) {
            let columns = resize.columns(left, &mut columns);
            let outputs = y.chunks_exact_mut(resize.output[0] * output_width);
            for (x, y) in planes.clone().zip(outputs) {
                for (row, y) in y.chunks_exact_mut(output_width).enumerate() {
                    let Place { at, share } = resize.place::<T>(0, row);
                    let [above, below] =
                        [&x[at[0] * width..][..width], &x[at[1] * width..][..width]];
                    let y = &mut y[left..][..columns.len()];
                    if resize.mode == Mode::Nearest {
                        for (y, column) in y.iter_mut().zip(columns) {
                            *y = above[column.at[0]];
                        }
                        continue;
                    }
                    for (y, column) in y.iter_mut().zip(columns) {
                        let [a, b] = column.at;
                        let [c, d] = column.share;
                        *y = share[0] * (c * above[a] + d * above[b])
                            + share[1] * (c * below[a] + d * below[b]);
                    }
                }
            }
        }
    }
}

/// See [`resize_gradient`](super::resize_gradient()).
#[inline(always)]
pub(in crate::kernels) fn gradient<T: Scalar>(
    resize: &Resize,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
) {
    let Resize { size: [height, width], output: [_, output_width], .. } = *resize;
    let mut columns = [Place::<T>::NONE; COLUMNS];
    for (sample, dx) in dx.iter().enumerate() {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        if resize.is_empty() {
            continue;
        }
        let planes = dy.row(sample).chunks_exact(resize.output[0] * output_width);
        for left in (0..output_width).step_by(COLUMNS) {
            let columns = resize.columns(left, &mut columns);
            for (dx, dy) in dx.chunks_exact_mut(height * width).zip(planes.clone()) {
                for (row, dy) in dy.chunks_exact(output_width).enumerate() {
                    let Place { at, share } = resize.place::<T>(0, row);
                    let dy = &dy[left..][..columns.len()];
                    let nearest = resize.mode == Mode::Nearest;
                    for (at, share) in at.into_iter().zip(share).take(if nearest { 1 } else { 2 }) {
                        let dx = &mut dx[at * width..][..width];
                        for (dy, column) in dy.iter().zip(columns) {
                            if nearest {
                                dx[column.at[0]] += *dy;
                                continue;
                            }
                            let dy = share * *dy;
                            dx[column.at[0]] += column.share[0] * dy;
                            dx[column.at[1]] += column.share[1] * dy;
                        }
                    }
                }
            }
        }
    }
}
