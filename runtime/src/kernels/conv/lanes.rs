//! Correlations with few target channels, as those of a single one: the lanes of vectors are positions.

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use super::chunk::{Chunk, DEPTH, Parts, least};
use super::correlate::Correlation;
use super::strips::Strip;
use super::window::{Place, Window};
use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// Largest number of target channels that are computed together.
const TARGETS: usize = 6;
/// Largest number of vectors of positions that are computed together.
const VECTORS: usize = 8;

/// Returns true if the lanes of vectors had better be positions than target channels.
#[inline(always)]
pub(super) fn takes<T: Scalar, S: Simd<T>>(correlation: &Correlation) -> bool {
    let positions = correlation.axes[1].positions;
    let whole = |n: usize| n.next_multiple_of(S::LANES);
    correlation.may_have_few_targets()
        && correlation.targets < S::LANES
        && positions * whole(correlation.targets) > correlation.targets * whole(positions)
}

/// Computes the correlation of all samples.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "buffers in and out")]
pub(super) fn run<T: Scalar, S: Simd<T>>(
    correlation: &Correlation,
    simd: S,
    source: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    target: &mut RowsMut<'_, T>,
    store: Store,
    scratch: &mut [T],
) {
    let Parts { panel, window, .. } = Parts::of(correlation, scratch);
    let mut taps = [0; DEPTH];
    let mut places = correlation.places(source.count);
    while let Some(place) = places.next() {
        let window = Window::contiguous(simd, correlation, &place, source, window);
        let weight = correlation.weights_of(place.group, weight);
        let mut first_target = 0;
        while first_target < correlation.targets {
            let left = correlation.targets - first_target;
            let count = left.div_ceil(left.div_ceil(TARGETS));
            let strip = Strip { first: first_target, count, vectors: 0 };
            let mut first = 0;
            loop {
                let taps = &mut taps[..least(DEPTH, correlation.depth() - first)];
                window.taps(correlation, first, taps);
                correlation.pack(simd, &strip, count, weight, [first, taps.len()], panel);
                let part = Part {
                    correlation,
                    place: &place,
                    window: &window,
                    taps,
                    weights: &panel[..taps.len() * count],
                    first: place.group * correlation.targets + first_target,
                    bias: if first == 0 { bias } else { None },
                    store: if first == 0 { store } else { Store::Add },
                };
                part.run(simd, count, target);
                first += taps.len();
                if first >= correlation.depth() {
                    break;
                }
            }
            first_target += count;
        }
    }
}

/// Some terms of the sums of a few targets of a chunk.
struct Part<'a, T> {
    correlation: &'a Correlation,
    place: &'a Place,
    window: &'a Window<'a, T>,
    /// The offset of each tap in the window.
    taps: &'a [usize],
    /// The weights of the targets, a row for each tap.
    weights: &'a [T],
    /// The first target channel, of all groups.
    first: usize,
    bias: Option<&'a [T]>,
    store: Store,
}

impl<T: Scalar> Part<'_, T> {
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S, targets: usize, target: &mut RowsMut<'_, T>) {
        macro_rules! heights {
            ($($r:literal)*) => {
                match targets {
                    $($r => simd.outlined(Tiles::<T, $r>(self, target)),)*
                    _ => unreachable!("strips have at most 6 targets"),
                }
            };
        }
        heights!(1 2 3 4 5 6);
    }
}

/// A part with `R` targets, as an operation.
struct Tiles<'a, 'b, T, const R: usize>(Part<'a, T>, &'a mut RowsMut<'b, T>);

impl<T: Scalar, const R: usize> Vectorize<T> for Tiles<'_, '_, T, R> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        // as many vectors as the registers hold sums for
        match const { least(S::ACCUMULATORS / R, VECTORS) } {
            1 => self.tiles::<S, 1>(simd),
            2 => self.tiles::<S, 2>(simd),
            3 => self.tiles::<S, 3>(simd),
            4 => self.tiles::<S, 4>(simd),
            6 => self.tiles::<S, 6>(simd),
            8 => self.tiles::<S, 8>(simd),
            _ => self.tiles::<S, 4>(simd),
        }
    }
}

impl<T: Scalar, const R: usize> Tiles<'_, '_, T, R> {
    /// Computes all positions, `V` vectors at a time.
    #[inline(always)]
    fn tiles<S: Simd<T>, const V: usize>(self, simd: S) {
        let Self(part, target) = self;
        let Part { correlation, place, window, taps, weights, .. } = part;
        let Chunk { samples, rows, columns } = place.size;
        let [height, width] = &correlation.axes;
        // the last place that is read
        let reach = window.sample * (samples - 1)
            + window.row * height.stride * (rows - 1)
            + columns.next_multiple_of(S::LANES);
        let mut last_tap = 0;
        for &tap in taps {
            last_tap = last_tap.max(tap);
        }
        assert!(last_tap + reach <= window.data.len());
        assert!(weights.len() == taps.len() * R);
        // Of a row, the last vector may begin before the end of the one before, unless it adds.
        let again = part.store == Store::Set && columns >= S::LANES;
        let pixels = height.target * width.target;
        let (mut sample, mut row, mut column) = (0, 0, 0);
        while sample < samples {
            let (mut from, mut to) = ([window.data.as_ptr(); V], [(0, 0); V]);
            let mut count = 0;
            while count < V && sample < samples {
                let first = if again { least(column, columns - S::LANES) } else { column };
                let offset = sample * window.sample + row * height.stride * window.row + first;
                from[count] = window.data.as_ptr().wrapping_add(offset);
                let place_row = (place.top + row) * height.target_stride + height.target_first;
                let place_column = (place.left + first) * width.target_stride + width.target_first;
                let offset = (place.sample + sample) * target.pitch
                    + part.first * pixels
                    + place_row * width.target
                    + place_column;
                to[count] = (offset, least(S::LANES, columns - first));
                count += 1;
                column += S::LANES;
                if column >= columns {
                    (column, row) = (0, row + 1);
                }
                if row == rows {
                    (row, sample) = (0, sample + 1);
                }
            }
            let mut sums = [[simd.splat(T::ZERO); V]; R];
            // SAFETY: the last place that is read, and the number of weights, have been checked. Vectors
            // beyond `count` read from the beginning of the window.
            unsafe {
                let mut weights = weights.as_ptr();
                for &tap in taps {
                    // the smaller side stays in registers
                    if const { R > V } {
                        let mut row = [simd.splat(T::ZERO); V];
                        for v in 0..V {
                            row[v] = simd.load(from[v].wrapping_add(tap));
                        }
                        for r in 0..R {
                            let factor = simd.splat_at(weights.wrapping_add(r));
                            for v in 0..V {
                                sums[r][v] = simd.mul_add(factor, row[v], sums[r][v]);
                            }
                        }
                    } else {
                        let mut factors = [simd.splat(T::ZERO); R];
                        for r in 0..R {
                            factors[r] = simd.splat_at(weights.wrapping_add(r));
                        }
                        for v in 0..V {
                            let x = simd.load(from[v].wrapping_add(tap));
                            for r in 0..R {
                                sums[r][v] = simd.mul_add(factors[r], x, sums[r][v]);
                            }
                        }
                    }
                    weights = weights.wrapping_add(R);
                }
            }
            for r in 0..R {
                let bias = simd.splat(part.bias.map_or(T::ZERO, |bias| bias[part.first + r]));
                for v in 0..V {
                    let (first, lanes) = to[v];
                    if v < count {
                        let target = &mut target.data[first + r * pixels..];
                        let sum = simd.add(sums[r][v], bias);
                        put(simd, sum, lanes, target, width.target_stride, part.store);
                    }
                }
            }
        }
    }
}

/// Stores the first `lanes` lanes with a stride.
#[inline(always)]
fn put<T: Scalar, S: Simd<T>>(
    simd: S,
    sum: S::Vector,
    lanes: usize,
    target: &mut [T],
    stride: usize,
    store: Store,
) {
    if stride == 1 && lanes == S::LANES && store == Store::Set {
        let target = &mut target[..S::LANES];
        // SAFETY: a vector of scalars exists.
        return unsafe { simd.store(target.as_mut_ptr(), sum) };
    }
    if stride == 1 {
        let target = &mut target[..lanes];
        // SAFETY: that many scalars exist.
        unsafe {
            let sum = match store {
                Store::Set => sum,
                Store::Add => simd.add(simd.load_first(target.as_ptr(), lanes), sum),
            };
            return simd.store_first(target.as_mut_ptr(), sum, lanes);
        }
    }
    let mut each = [T::ZERO; 16];
    let each = &mut each[..lanes];
    // SAFETY: that many scalars exist.
    unsafe { simd.store_first(each.as_mut_ptr(), sum, lanes) }
    for (target, sum) in target.iter_mut().step_by(stride).zip(each) {
        store.put(target, *sum);
    }
}
