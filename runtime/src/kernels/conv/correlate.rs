//! A correlation of a source with a kernel, which the forward pass and the input gradient are.

use super::Conv;
use super::axis::Axis;
use super::chunk::{Chunk, DEPTH, LANES, Parts, ROWS, WIDTH, least};
use super::lanes;
use super::strips::{Places, Strip, Strips, Taps};
use super::tile::{Gathered, Start};
use super::window::{Place, Window};
use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::kernels::transpose::transpose;
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// A correlation: each position of each target channel is a sum over the taps of the source channels of its
/// group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Correlation {
    /// Height and width.
    pub axes: [Axis; 2],
    /// Number of groups.
    pub groups: usize,
    /// Number of source channels of a group.
    pub sources: usize,
    /// Number of target channels of a group.
    pub targets: usize,
    /// Distance between the weights of two target channels.
    pub target_stride: usize,
    /// Distance between the weights of two source channels.
    pub source_stride: usize,
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
}

impl Correlation {
    /// Returns the convolution itself: from inputs to outputs.
    pub const fn forward(conv: &Conv) -> Self {
        let channels = conv.channels / conv.groups;
        let taps = conv.kernel[0] * conv.kernel[1];
        Self {
            axes: [Axis::forward(conv, 0), Axis::forward(conv, 1)],
            groups: conv.groups,
            sources: channels,
            targets: conv.outputs / conv.groups,
            target_stride: channels * taps,
            source_stride: taps,
            kernel: conv.kernel,
        }
    }

    /// Returns the part of the input gradient of one phase: from outputs to inputs.
    pub const fn gradient(conv: &Conv, phase: [usize; 2]) -> Self {
        let channels = conv.channels / conv.groups;
        let taps = conv.kernel[0] * conv.kernel[1];
        Self {
            axes: [Axis::gradient(conv, 0, phase[0]), Axis::gradient(conv, 1, phase[1])],
            groups: conv.groups,
            sources: conv.outputs / conv.groups,
            targets: channels,
            target_stride: taps,
            source_stride: channels * taps,
            kernel: conv.kernel,
        }
    }

    /// Returns true if the source is read in place: if nothing is read outside of it, and its planes do not
    /// compete for the same lines of the cache.
    pub const fn reads_in_place(&self) -> bool {
        const SETS: usize = 1024;
        const WAYS: usize = 8;
        let pixels = self.axes[0].source * self.axes[1].source;
        let competes = self.sources >= WAYS && pixels.is_multiple_of(SETS);
        self.axes[0].is_inside() && self.axes[1].is_inside() && !competes
    }

    /// Returns the number of taps of all source channels: the length of the sums.
    pub const fn depth(&self) -> usize {
        self.sources * self.axes[0].taps * self.axes[1].taps
    }

    /// Returns the indices of the taps from `first` on.
    #[inline(always)]
    pub fn taps(&self, first: usize) -> Taps {
        let [rows, columns] = [self.axes[0].taps, self.axes[1].taps];
        // (a phase of the input gradient may have no taps)
        let each = (rows * columns).max(1);
        let (channel, tap) = (first / each, first % each);
        Taps { next: [channel, tap / columns.max(1), tap % columns.max(1)], rows, columns }
    }

    /// Returns the weights of a group.
    #[inline(always)]
    pub fn weights_of<'a, T>(&self, group: usize, weight: &'a [T]) -> &'a [T] {
        let len = self.sources * self.targets * self.kernel[0] * self.kernel[1];
        &weight[group * len..][..len]
    }

    /// Returns false if the lanes of vectors are target channels on every instruction set.
    pub const fn may_have_few_targets(&self) -> bool {
        self.targets < LANES
    }

    /// Returns the chunks of all groups and samples.
    #[inline(always)]
    pub fn places(&self, samples: usize) -> Places {
        let whole = [self.axes[0].positions, self.axes[1].positions];
        let place = Place { group: 0, sample: 0, top: 0, left: 0, size: Chunk::of(whole) };
        Places { next: place, most: place.size, samples, whole, groups: self.groups }
    }

    /// Computes the correlation of all samples.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "buffers in and out")]
    pub fn run<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        source: Rows<'_, T>,
        weight: &[T],
        bias: Option<&[T]>,
        target: &mut RowsMut<'_, T>,
        store: Store,
        scratch: &mut [T],
    ) {
        // The forward pass and the input gradient call one copy.
        simd.outlined(Run { correlation: self, source, weight, bias, target, store, scratch });
    }

    /// Stores the sums of a chunk and a strip into the target.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "a place, and buffers in and out")]
    fn unload<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        place: &Place,
        strip: &Strip,
        rows: usize,
        sums: &[T],
        turned: &mut [T],
        target: &mut RowsMut<'_, T>,
        store: Store,
    ) {
        let [height, columns] = &self.axes;
        let width = strip.vectors * S::LANES;
        let whole = rows.next_multiple_of(S::LANES);
        let pitch = whole + S::LANES;
        let pixels = height.target * columns.target;
        let each = place.size.rows * place.size.columns;
        if store == Store::Set && height.target_stride == 1 && columns.target_stride == 1 {
            // rows that are whole, or one part of a row, are contiguous
            let channel = place.group * self.targets + strip.first;
            let first = channel * pixels + place.top * columns.target + place.left;
            for sample in 0..place.size.samples {
                let first = (place.sample + sample) * target.pitch + first;
                let (from, to) = (&sums[sample * each * width..], &mut target.data[first..]);
                transpose(simd, [each, strip.count], from, width, to, pixels);
            }
            return;
        }
        let mut lane = 0;
        while lane < strip.count {
            transpose(simd, [whole, S::LANES], &sums[lane..], width, turned, pitch);
            let lanes = least(S::LANES, strip.count - lane);
            for (i, sums) in turned.chunks(pitch).take(lanes).enumerate() {
                let channel = place.group * self.targets + strip.first + lane + i;
                for (sample, sums) in sums[..rows].chunks(each).enumerate() {
                    let first = (place.sample + sample) * target.pitch + channel * pixels;
                    let target = &mut target.data[first..][..pixels];
                    self.put(place, sums, target, store);
                }
            }
            lane += S::LANES;
        }
    }

    /// Stores the sums of one channel of one sample.
    #[inline(always)]
    fn put<T: Scalar>(&self, place: &Place, sums: &[T], target: &mut [T], store: Store) {
        let [height, width] = &self.axes;
        let left = place.left * width.target_stride + width.target_first;
        for (row, sums) in sums.chunks(place.size.columns).enumerate() {
            let row = (place.top + row) * height.target_stride + height.target_first;
            let target = &mut target[row * width.target + left..];
            if width.target_stride == 1 {
                for (target, sum) in target.iter_mut().zip(sums) {
                    store.put(target, *sum);
                }
                continue;
            }
            for (target, sum) in target.iter_mut().step_by(width.target_stride).zip(sums) {
                store.put(target, *sum);
            }
        }
    }
}

/// A correlation and its buffers as an operation.
struct Run<'a, 'b, T> {
    correlation: &'a Correlation,
    source: Rows<'a, T>,
    weight: &'a [T],
    bias: Option<&'a [T]>,
    target: &'a mut RowsMut<'b, T>,
    store: Store,
    scratch: &'a mut [T],
}

impl<T: Scalar> Vectorize<T> for Run<'_, '_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { correlation, source, weight, bias, target, store, scratch } = self;
        // Only processors of long ago lack this instruction, and one kernel is enough for them.
        if const { S::FMA } && lanes::takes::<T, S>(correlation) {
            return lanes::run(correlation, simd, source, weight, bias, target, store, scratch);
        }
        let Parts { panel, sums, turned, window } = Parts::of(correlation, scratch);
        let (mut offsets, mut taps) = ([0; ROWS], [0; DEPTH]);
        let mut places = correlation.places(source.count);
        // the group, strip and first tap whose weights the panel holds
        let mut packed = None;
        while let Some(place) = places.next() {
            let window = Window::new(simd, correlation, &place, source, window);
            let rows = window.positions(correlation, place.size, &mut offsets);
            let weight = correlation.weights_of(place.group, weight);
            let mut strips = Strips::of::<T, S>(correlation.targets);
            while let Some(strip) = strips.next() {
                let width = strip.vectors * S::LANES;
                let mut row = [T::ZERO; WIDTH];
                if let Some(bias) = bias {
                    let bias =
                        &bias[place.group * correlation.targets + strip.first..][..strip.count];
                    row[..strip.count].copy_from_slice(bias);
                }
                let mut first = 0;
                loop {
                    let taps = &mut taps[..least(DEPTH, correlation.depth() - first)];
                    window.taps(correlation, first, taps);
                    let part = Some([place.group, strip.first, first]);
                    if packed != part {
                        correlation.pack(simd, &strip, width, weight, [first, taps.len()], panel);
                        packed = part;
                    }
                    let product = Gathered {
                        a: window.data,
                        rows: &offsets[..rows],
                        depth: taps,
                        b: panel,
                        c: sums,
                        vectors: strip.vectors,
                        start: match bias {
                            _ if first > 0 => Start::Output,
                            Some(_) => Start::Row(&row),
                            None => Start::Zero,
                        },
                    };
                    product.run(simd);
                    first += taps.len();
                    if first >= correlation.depth() {
                        break;
                    }
                }
                correlation.unload(simd, &place, &strip, rows, sums, turned, target, store);
            }
        }
    }
}
