//! The weight gradient of convolutions with few outputs in a group, as those of a single one: dot products
//! along the positions.

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use super::Conv;
use super::chunk::{Chunk, Parts, ROWS, least};
use super::correlate::Correlation;
use super::lanes;
use super::window::{Place, Window};
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// Largest number of outputs that are computed together.
const OUTPUTS: usize = 3;

/// Returns true if dot products had better be taken.
#[inline(always)]
pub(super) fn takes<T: Scalar, S: Simd<T>>(correlation: &Correlation) -> bool {
    lanes::takes::<T, S>(correlation)
}

/// Adds the gradient to `dw`.
#[inline(always)]
pub(super) fn add<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dw: &mut [T],
    scratch: &mut [T],
) {
    let correlation = Correlation::forward(conv);
    let Parts { window, .. } = Parts::of(&correlation, scratch);
    let mut taps = [0; ROWS];
    let mut places = correlation.places(x.count);
    while let Some(place) = places.next() {
        let window = Window::contiguous(simd, &correlation, &place, x, window);
        let mut first_tap = 0;
        while first_tap < correlation.depth() {
            let taps = &mut taps[..least(ROWS, correlation.depth() - first_tap)];
            window.taps(&correlation, first_tap, taps);
            let mut target = 0;
            while target < correlation.targets {
                let left = correlation.targets - target;
                let count = left.div_ceil(left.div_ceil(OUTPUTS));
                let first = place.group * correlation.targets + target;
                let dw = &mut dw[first * correlation.depth() + first_tap..];
                let part =
                    Part { correlation: &correlation, place: &place, window, taps, dy, first };
                match count {
                    1 => simd.outlined(Dots::<T, 1, 8>(part, dw)),
                    2 => simd.outlined(Dots::<T, 2, 5>(part, dw)),
                    _ => simd.outlined(Dots::<T, OUTPUTS, 4>(part, dw)),
                }
                target += count;
            }
            first_tap += taps.len();
        }
    }
}

/// Some weights of a chunk: those of some outputs and taps.
#[derive(Clone, Copy)]
struct Part<'a, T> {
    correlation: &'a Correlation,
    place: &'a Place,
    window: Window<'a, T>,
    /// The offset of each tap in the window.
    taps: &'a [usize],
    dy: Rows<'a, T>,
    /// The first output, of all groups.
    first: usize,
}

/// A part with `R` outputs as an operation, `K` taps at a time.
struct Dots<'a, T, const R: usize, const K: usize>(Part<'a, T>, &'a mut [T]);

impl<T: Scalar, const R: usize, const K: usize> Vectorize<T> for Dots<'_, T, R, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Self(part, dw) = self;
        let depth = part.correlation.depth();
        let mut first = 0;
        for some in part.taps.chunks(K) {
            let mut taps = [some[0]; K];
            taps[..some.len()].copy_from_slice(some);
            let sums = part.dots::<S, R, K>(simd, taps);
            for r in 0..R {
                for k in 0..K {
                    if k < some.len() {
                        dw[r * depth + first + k] += sums[r][k];
                    }
                }
            }
            first += some.len();
        }
    }
}

impl<T: Scalar> Part<'_, T> {
    /// Returns the sums over the positions of a chunk of the products of `R` outputs and `K` taps.
    #[inline(always)]
    fn dots<S: Simd<T>, const R: usize, const K: usize>(
        &self,
        simd: S,
        taps: [usize; K],
    ) -> [[T; K]; R] {
        let Chunk { samples, rows, columns } = self.place.size;
        let [height, width] = &self.correlation.axes;
        let (window, pixels) = (self.window.data, height.target * width.target);
        let mut sums = [[simd.splat(T::ZERO); K]; R];
        let whole = columns / S::LANES * S::LANES;
        let mut last_tap = 0;
        for k in 0..K {
            last_tap = last_tap.max(taps[k]);
        }
        for sample in 0..samples {
            let dy = &self.dy.row(self.place.sample + sample)[self.first * pixels..];
            for row in 0..rows {
                let first = sample * self.window.sample + row * height.stride * self.window.row;
                let position = (self.place.top + row) * width.target + self.place.left;
                assert!(first + last_tap + columns <= window.len());
                assert!((R - 1) * pixels + position + columns <= dy.len());
                let (mut x, mut dy) = ([window.as_ptr(); K], [dy.as_ptr(); R]);
                for k in 0..K {
                    x[k] = x[k].wrapping_add(first + taps[k]);
                }
                for r in 0..R {
                    dy[r] = dy[r].wrapping_add(r * pixels + position);
                }
                // SAFETY: the rows of `columns` scalars have been checked.
                unsafe {
                    let mut column = 0;
                    while column < whole {
                        let mut factors = [simd.splat(T::ZERO); R];
                        for r in 0..R {
                            factors[r] = simd.load(dy[r].wrapping_add(column));
                        }
                        for k in 0..K {
                            let x = simd.load(x[k].wrapping_add(column));
                            for r in 0..R {
                                sums[r][k] = simd.mul_add(factors[r], x, sums[r][k]);
                            }
                        }
                        column += S::LANES;
                    }
                    let rest = columns - whole;
                    if rest > 0 {
                        for k in 0..K {
                            let x = simd.load_first(x[k].wrapping_add(whole), rest);
                            for r in 0..R {
                                let dy = simd.load_first(dy[r].wrapping_add(whole), rest);
                                sums[r][k] = simd.mul_add(dy, x, sums[r][k]);
                            }
                        }
                    }
                }
            }
        }
        let mut totals = [[T::ZERO; K]; R];
        for r in 0..R {
            for k in 0..K {
                totals[r][k] = simd.sum(sums[r][k]);
            }
        }
        totals
    }
}
