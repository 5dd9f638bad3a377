//! Convolutions at few positions, as one step of a stream has: dot products of the weights, where they are in
//! memory, with a copy of what each position reads.
//!
//! The general kernel packs the weights first, which pays if a packed weight is used at many positions.

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use super::chunk::least;
use super::correlate::Correlation;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// Largest number of positions of all samples.
const POSITIONS: usize = 8;
/// Largest number of target channels that are computed together.
const TARGETS: usize = 8;

/// Returns true if this kernel takes the forward pass.
#[inline(always)]
pub(super) fn takes<T: Scalar, S: Simd<T>>(correlation: &Correlation, samples: usize) -> bool {
    samples * positions(correlation) <= POSITIONS && correlation.depth() >= S::LANES
}

/// Returns the number of scalars of scratch of the forward pass.
pub(super) const fn scratch(correlation: &Correlation) -> usize {
    if positions(correlation) > POSITIONS { 0 } else { POSITIONS * correlation.depth() }
}

/// Returns the number of positions of a sample.
const fn positions(correlation: &Correlation) -> usize {
    correlation.axes[0].positions * correlation.axes[1].positions
}

/// Computes the forward pass.
#[inline(always)]
pub(super) fn run<T: Scalar, S: Simd<T>>(
    correlation: &Correlation,
    simd: S,
    source: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    target: &mut RowsMut<'_, T>,
    scratch: &mut [T],
) {
    let (each, depth) = (positions(correlation), correlation.depth());
    let count = source.count * each;
    let patches = &mut scratch[..count * depth];
    let mut offsets = [0; POSITIONS];
    for (position, offset) in offsets[..count].iter_mut().enumerate() {
        *offset = position / each * target.pitch + position % each;
    }
    for group in 0..correlation.groups {
        for sample in 0..source.count {
            let source = source.row(sample);
            for position in 0..each {
                let patch = &mut patches[(sample * each + position) * depth..][..depth];
                gather(correlation, source, group, position, patch);
            }
        }
        let first = group * correlation.targets;
        let part = Part {
            patches,
            weight: correlation.weights_of(group, weight),
            bias: bias.map(|bias| &bias[first..][..correlation.targets]),
            depth,
            offsets: &offsets[..count],
            pixels: each,
        };
        simd.outlined(Dots(part, &mut target.data[first * each..]));
    }
}

/// Copies what a position reads, in the order of the weights, with zeros outside of the source.
#[inline(always)]
fn gather<T: Scalar>(
    correlation: &Correlation,
    source: &[T],
    group: usize,
    position: usize,
    patch: &mut [T],
) {
    let [height, width] = &correlation.axes;
    let (channels, pixels) = (correlation.sources, height.source * width.source);
    let source = &source[group * channels * pixels..][..channels * pixels];
    let (top, left) = (position / width.positions, position % width.positions);
    let (top, left) = (height.first(top), width.first(left));
    let taps = height.taps * width.taps;
    let contiguous = width.step == 1 && width.taps > channels;
    for row in 0..height.taps {
        let at = top + height.place(row) as isize;
        let inside = at >= 0 && (at as usize) < height.source;
        let line = if inside { at as usize * width.source } else { 0 };
        let tap = row * width.taps;
        if contiguous {
            // the taps that are before the source, and those that are not behind it
            let end = if inside { width.source as isize - left } else { 0 };
            let end = end.clamp(0, width.taps as isize) as usize;
            let begin = (-left).clamp(0, end as isize) as usize;
            for channel in 0..channels {
                let patch = &mut patch[channel * taps + tap..][..width.taps];
                patch[..begin].fill(T::ZERO);
                patch[end..].fill(T::ZERO);
                if begin < end {
                    let first = (left + begin as isize) as usize;
                    let from = &source[channel * pixels + line + first..][..end - begin];
                    patch[begin..end].copy_from_slice(from);
                }
            }
            continue;
        }
        for column in 0..width.taps {
            let at = left + width.place(column) as isize;
            let patch = &mut patch[tap + column..];
            if !inside || at < 0 || at as usize >= width.source {
                patch.iter_mut().step_by(taps).for_each(|to| *to = T::ZERO);
                continue;
            }
            let source = &source[line + at as usize..];
            assert!((channels - 1) * pixels < source.len() && (channels - 1) * taps < patch.len());
            let (mut from, mut to) = (source.as_ptr(), patch.as_mut_ptr());
            for _ in 0..channels {
                // SAFETY: the last element of both has been checked.
                unsafe { to.write(from.read()) };
                (from, to) = (from.wrapping_add(pixels), to.wrapping_add(taps));
            }
        }
    }
}

/// The dot products of one group.
struct Part<'a, T> {
    /// The scalars that each position reads, `depth` for each.
    patches: &'a [T],
    /// The weights: `depth` scalars for each target channel.
    weight: &'a [T],
    /// The bias of each target channel.
    bias: Option<&'a [T]>,
    /// Length of the sums.
    depth: usize,
    /// The offset of each position in the target.
    offsets: &'a [usize],
    /// Distance between two channels of the target.
    pixels: usize,
}

/// A part and its target as an operation.
struct Dots<'a, 'b, T>(Part<'a, T>, &'b mut [T]);

impl<T: Scalar> Vectorize<T> for Dots<'_, '_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Self(part, target) = self;
        let mut first = 0;
        while first < part.offsets.len() {
            first += match part.offsets.len() - first {
                1 => part.positions::<S, 1>(simd, first, target),
                2 | 3 => part.positions::<S, 2>(simd, first, target),
                _ => part.positions::<S, 4>(simd, first, target),
            };
        }
    }
}

impl<T: Scalar> Part<'_, T> {
    /// Computes all target channels at the `P` positions from `first` on, and returns `P`.
    #[inline(always)]
    fn positions<S: Simd<T>, const P: usize>(
        &self,
        simd: S,
        first: usize,
        target: &mut [T],
    ) -> usize {
        // as many channels as the registers hold sums for
        match const { least(S::ACCUMULATORS / P, TARGETS) } {
            1 => self.channels::<S, 1, P>(simd, first, target),
            2 => self.channels::<S, 2, P>(simd, first, target),
            3 => self.channels::<S, 3, P>(simd, first, target),
            4 | 5 => self.channels::<S, 4, P>(simd, first, target),
            6 | 7 => self.channels::<S, 6, P>(simd, first, target),
            _ => self.channels::<S, TARGETS, P>(simd, first, target),
        }
        P
    }

    /// Computes all target channels, `R` at a time.
    #[inline(always)]
    fn channels<S: Simd<T>, const R: usize, const P: usize>(
        &self,
        simd: S,
        first: usize,
        target: &mut [T],
    ) {
        let channels = self.weight.len() / self.depth;
        let mut channel = 0;
        while channel + R <= channels {
            self.dots::<S, R, P>(simd, channel, first, target);
            channel += R;
        }
        while channel < channels {
            self.dots::<S, 1, P>(simd, channel, first, target);
            channel += 1;
        }
    }

    /// Computes the `R` target channels from `channel` on at the `P` positions from `first` on.
    #[inline(always)]
    fn dots<S: Simd<T>, const R: usize, const P: usize>(
        &self,
        simd: S,
        channel: usize,
        first: usize,
        target: &mut [T],
    ) {
        let depth = self.depth;
        let weights = self.weight[channel * depth..][..R * depth].as_ptr();
        let patches = self.patches[first * depth..][..P * depth].as_ptr();
        let whole = depth / S::LANES * S::LANES;
        let mut sums = [[simd.splat(T::ZERO); P]; R];
        // SAFETY: `R` rows of weights and `P` patches of `depth` scalars have been cut above.
        unsafe {
            let mut k = 0;
            while k < whole {
                let mut x = [simd.splat(T::ZERO); P];
                for p in 0..P {
                    x[p] = simd.load(patches.wrapping_add(p * depth + k));
                }
                // the weights of the next channels, as much as these take in this iteration
                let next = weights.wrapping_add(R * depth + R * k);
                for r in 0..R {
                    simd.prefetch(next.wrapping_add(r * S::LANES));
                    let weight = simd.load(weights.wrapping_add(r * depth + k));
                    for p in 0..P {
                        sums[r][p] = simd.mul_add(weight, x[p], sums[r][p]);
                    }
                }
                k += S::LANES;
            }
            let rest = depth - whole;
            if rest > 0 {
                let mut x = [simd.splat(T::ZERO); P];
                for p in 0..P {
                    x[p] = simd.load_first(patches.wrapping_add(p * depth + k), rest);
                }
                for r in 0..R {
                    let weight = simd.load_first(weights.wrapping_add(r * depth + k), rest);
                    for p in 0..P {
                        sums[r][p] = simd.mul_add(weight, x[p], sums[r][p]);
                    }
                }
            }
        }
        for r in 0..R {
            let bias = self.bias.map_or(T::ZERO, |bias| bias[channel + r]);
            for p in 0..P {
                let at = self.offsets[first + p] + (channel + r) * self.pixels;
                target[at] = simd.sum(sums[r][p]) + bias;
            }
        }
    }
}
