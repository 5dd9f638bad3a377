//! Random changes of images, by which a network learns that they do not matter.

use crate::random::Generator;
use crate::scalar::Scalar;
use crate::tensor::Tensor;

/// Random changes of images: `[channels, height, width]` or `[height, width]`, the last axes of a tensor. Each image of a
/// batch is changed in its own way; the same seed, epoch and batch give the same changes.
///
/// ```
/// use monograd::data::{Augment, Dataset};
/// use monograd::Tensor;
///
/// let images = Dataset::new(Tensor::full([10, 1, 8, 8], 1.0_f32), vec![0_u32; 10])?;
/// let mut batches = images.batches(5).augment(Augment::new(2).flip(0.5).shift(1).noise(0.1));
/// let first = batches.epoch(0)?.next().unwrap()?;
/// assert_ne!(first.0.row(0), first.0.row(1)); // each image is changed in its own way
/// assert_eq!(batches.epoch(0)?.next().unwrap()?, first); // and in the same way in the same epoch
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augment {
    pub(super) seed: u64,
    flip: f64,
    shift: usize,
    fill: f64,
    noise: f64,
}

impl Augment {
    /// Changes nothing yet.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, flip: 0.0, shift: 0, fill: 0.0, noise: 0.0 }
    }

    /// Flips left and right with this probability.
    #[must_use]
    pub const fn flip(mut self, probability: f64) -> Self {
        self.flip = probability;
        self
    }

    /// Shifts by up to this many pixels, up or down and left or right. What comes in is 0.
    #[must_use]
    pub const fn shift(mut self, pixels: usize) -> Self {
        self.shift = pixels;
        self
    }

    /// Sets what comes in at the border of a shifted image: paper, where it is not 0.
    #[must_use]
    pub const fn fill(mut self, value: f64) -> Self {
        self.fill = value;
        self
    }

    /// Adds normal noise of this standard deviation to each pixel.
    #[must_use]
    pub const fn noise(mut self, deviation: f64) -> Self {
        self.noise = deviation;
        self
    }

    /// Changes a batch of images. A tensor of rank 1 or 0 has none.
    pub fn apply<T: Scalar>(&self, images: &mut Tensor<T>, random: &mut Generator) {
        let &[count, .., height, width] = images.shape() else { return };
        // a tensor of rank 2 holds rows, which are images of height 1
        let height = if images.rank() == 2 { 1 } else { height };
        if images.is_empty() {
            return;
        }
        let len = images.len() / count;
        let mut before = Vec::with_capacity(height * width);
        for image in images.as_mut_slice().chunks_exact_mut(len) {
            let flips = self.flip > 0.0 && random.uniform() < self.flip;
            let mut by = |most: usize| match self.shift.min(most) {
                0 => 0,
                most => random.below(2 * most + 1) as isize - most as isize,
            };
            let (down, right) = (by(height), by(width));
            if flips || (down, right) != (0, 0) {
                for plane in image.chunks_exact_mut(height * width) {
                    before.clear();
                    before.extend_from_slice(plane);
                    for (at, pixel) in plane.iter_mut().enumerate() {
                        let (y, x) = (at / width, at % width);
                        let from = |to: usize, by: isize, size: usize| {
                            to.checked_add_signed(-by).filter(|from| *from < size)
                        };
                        *pixel = match (from(y, down, height), from(x, right, width)) {
                            (Some(y), Some(x)) => {
                                before[y * width + if flips { width - 1 - x } else { x }]
                            }
                            _ => T::from_f64(self.fill),
                        };
                    }
                }
            }
            if self.noise > 0.0 {
                for pixel in image {
                    *pixel = T::from_f64(pixel.to_f64() + self.noise * random.normal());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Philox;

    #[test]
    fn images_are_flipped_shifted_and_noisy() {
        let image = Tensor::from_fn([1, 2, 3, 3], |i| i as f32);
        let mut random = Philox::new(1).stream(0);
        let mut flipped = image.clone();
        Augment::new(0).flip(1.0).apply(&mut flipped, &mut random);
        assert_eq!(flipped.as_slice()[..6], [2.0, 1.0, 0.0, 5.0, 4.0, 3.0]);
        // every shift occurs, and each is the image at another place
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..300 {
            let mut shifted = image.clone();
            Augment::new(0).shift(1).fill(-1.0).apply(&mut shifted, &mut random);
            let center = shifted[[0, 0, 1, 1]] as i32;
            let (down, right) = (1 - center / 3, 1 - center % 3);
            for channel in 0..2 {
                for (y, x) in (0..9).map(|i| (i / 3, i % 3)) {
                    let (from_y, from_x) = (y - down, x - right);
                    let inside = (0..3).contains(&from_y) && (0..3).contains(&from_x);
                    let expected =
                        if inside { (channel * 9 + from_y * 3 + from_x) as f32 } else { -1.0 };
                    assert_eq!(shifted[[0, channel as usize, y as usize, x as usize]], expected);
                }
            }
            seen.insert((down, right));
        }
        assert_eq!(seen.len(), 9);
        let mut noisy = Tensor::<f64>::zeros([100, 10, 10]);
        Augment::new(0).noise(0.5).apply(&mut noisy, &mut random);
        let variance = noisy.iter().map(|x| x * x).sum::<f64>() / 10_000.0;
        assert!((variance - 0.25).abs() < 0.02, "{variance}");
        for shape in [&[][..], &[4], &[0, 2, 2], &[2, 3]] {
            Augment::new(0)
                .flip(1.0)
                .shift(2)
                .noise(1.0)
                .apply(&mut Tensor::<f32>::zeros(shape), &mut random);
        }
    }
}
