//! The share of a batch that one thread works on, tile by tile.

use super::Trainable;
use super::feed::{Batch, sample_lens};
use super::memory::{Mode, Worker};
use super::tile::{Tile, share_of};
use crate::kernels::Store;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{MAX_PORTS, Views as _};
use crate::workers;
use std::marker::PhantomData;

/// Number of tiles whose gradients are added in the scalar's own precision. If a share has more, the sums of
/// such blocks are added in `f64`, so that the error does not grow with the batch.
pub const TILES: usize = 32;

/// The work on one tile. It is a type, so that a pass that a program does not call is not compiled.
pub trait Job<N: Trainable>: Send + Sync {
    /// The pass, which tells the memory that the job needs.
    const MODE: Mode;

    /// Returns the sum of the losses of the tile. Gradients and metrics are left in `worker`.
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        targets: N::Targets<'_>,
        worker: &mut Worker<N::Scalar>,
    ) -> N::Scalar;
}

/// Computes losses only.
pub struct Evaluate;
/// Computes losses and metrics.
pub struct Measure;
/// Computes losses and gradients.
pub struct Train;

impl<N: Trainable> Job<N> for Evaluate {
    const MODE: Mode = Mode::Evaluate;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        targets: N::Targets<'_>,
        worker: &mut Worker<N::Scalar>,
    ) -> N::Scalar {
        N::evaluate(simd, tile, parameters, inputs, targets, &mut worker.arena)
    }
}

impl<N: Trainable> Job<N> for Measure {
    const MODE: Mode = Mode::Measure;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        targets: N::Targets<'_>,
        worker: &mut Worker<N::Scalar>,
    ) -> N::Scalar {
        let Worker { arena, measured, metrics, .. } = worker;
        let values = &mut measured[..metrics.len() * tile.samples];
        let sum = N::measure_tile(simd, tile, parameters, inputs, targets, arena, values);
        let each = values.chunks_exact(tile.samples);
        metrics.iter_mut().zip(each).for_each(|(to, values)| {
            *to += values.iter().map(|value| value.to_f64()).sum::<f64>();
        });
        sum
    }
}

impl<N: Trainable> Job<N> for Train {
    const MODE: Mode = Mode::Train;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        targets: N::Targets<'_>,
        worker: &mut Worker<N::Scalar>,
    ) -> N::Scalar {
        let Worker { arena, gradients, .. } = worker;
        N::train(simd, tile, parameters, inputs, targets, arena, gradients)
    }
}

/// A contiguous range of the samples of a batch.
pub struct Share<'a, 'i, 't, N: Trainable> {
    pub set: InstructionSet,
    /// Maximum number of samples of a tile.
    pub tile: usize,
    pub parameters: &'a [N::Scalar],
    pub batch: &'a Batch<'i, 't, N>,
    pub normalisers: &'a [N::Scalar],
    /// The seed of the network and the number of its training steps so far.
    pub key: (u64, u64),
    /// The index of the batch's first sample in the whole batch, if several ranks have a part of it.
    pub first: usize,
    /// The index of the share's first sample in the batch.
    pub start: usize,
    /// Number of samples of the share.
    pub samples: usize,
}

impl<N: Trainable> Clone for Share<'_, '_, '_, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N: Trainable> Copy for Share<'_, '_, '_, N> {}

impl<N: Trainable> Share<'_, '_, '_, N> {
    /// Runs the job on the share, divided among the workers. Leaves loss, metrics and gradients in the first.
    pub fn run<J: Job<N>>(self, workers: &mut [Worker<N::Scalar>]) {
        let count = workers.len();
        if let [worker] = workers {
            N::Scalar::vectorize(self.set, Tiles { share: self, worker, job: PhantomData::<J> });
            return;
        }
        let first = workers::first_share(self.samples, count);
        let (left, right) = workers.split_at_mut(count / 2);
        let begin = Self { samples: first, ..self };
        let rest = Self { start: self.start + first, samples: self.samples - first, ..self };
        workers::join(|| begin.run::<J>(left), || rest.run::<J>(right));
        // added in the order of the batch, so that runs with the same number of threads give the same bits
        left[0].loss += right[0].loss;
        left[0].metrics.iter_mut().zip(&right[0].metrics).for_each(|(to, from)| *to += from);
        add(&mut left[0].gradients, &right[0].gradients, count);
    }
}

/// Adds `from` to `to`, on `threads` threads.
fn add<T: Scalar>(to: &mut [T], from: &[T], threads: usize) {
    if threads > 1 {
        let half = to.len() / 2;
        let ((to, more_to), (from, more_from)) = (to.split_at_mut(half), from.split_at(half));
        workers::join(|| add(to, from, threads / 2), || add(more_to, more_from, threads / 2));
        return;
    }
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}

/// Adds the gradients of a block of tiles to `totals`, or replaces `totals` for the first block.
fn add_block<T: Scalar>(totals: &mut [f64], gradients: &[T], first: bool) {
    for (total, gradient) in totals.iter_mut().zip(gradients) {
        *total = if first { gradient.to_f64() } else { *total + gradient.to_f64() };
    }
}

/// A share that one worker processes, one tile after the other.
struct Tiles<'a, 'i, 't, 'w, N: Trainable, J> {
    share: Share<'a, 'i, 't, N>,
    worker: &'w mut Worker<N::Scalar>,
    job: PhantomData<J>,
}

impl<N: Trainable, J: Job<N>> Vectorize<N::Scalar> for Tiles<'_, '_, '_, '_, N, J> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let Share { parameters, batch, normalisers, key, first, mut start, samples, .. } =
            self.share;
        let worker = self.worker;
        let lengths = &*batch.lengths;
        let (mut room, mut target_room) = ([0; MAX_PORTS], [0; MAX_PORTS]);
        let lens = sample_lens::<N>(N::INPUT_LENS, N::INPUTS, lengths, &mut room);
        let target_lens = sample_lens::<N>(N::TARGET_LENS, N::TARGETS, lengths, &mut target_room);
        let end = start + samples;
        let mut store = Store::Set;
        let mut tiles = 0;
        worker.loss = 0.0;
        worker.metrics.fill(0.0);
        if samples == 0 {
            // a worker without samples: clear the gradients of the previous step, which no tile replaces
            worker.gradients.fill(N::Scalar::ZERO);
        }
        while start < end {
            let tile = Tile {
                samples: self.share.tile.min(end - start),
                batch: batch.samples,
                batch_mean: share_of(batch.samples),
                normalisers,
                store,
                first: first + start,
                key,
                lengths,
            };
            let inputs = batch.inputs.rows(start, tile.samples, lens);
            let targets = batch.targets.rows(start, tile.samples, target_lens);
            let sum = J::run(simd, &tile, parameters, inputs, targets, worker);
            worker.loss += sum.to_f64();
            store = Store::Add;
            start += tile.samples;
            tiles += 1;
            let is_last = start == end && tiles > TILES;
            let Worker { gradients, totals, .. } = &mut *worker;
            if !totals.is_empty() && (tiles % TILES == 0 || is_last) {
                add_block(totals, gradients, tiles == TILES);
                store = Store::Set;
            }
            if !totals.is_empty() && is_last {
                let sums = gradients.iter_mut().zip(totals.iter());
                sums.for_each(|(gradient, total)| *gradient = N::Scalar::from_f64(*total));
            }
        }
    }
}
