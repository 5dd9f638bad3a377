//! The memory of training: the division of a batch over threads and tiles, and the buffers for it.

use super::feed::Batch;
use super::share::TILES;
use super::slot::{Slot, arena_len, fitting_samples, sample_len};
use super::tile::tile_len;
use super::workspace::described;
use super::{Network, Trainable};
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::layout::buffer_len;
use crate::scalar::Scalar;
use crate::simd::InstructionSet;
use crate::source::Lengths;
use crate::workers;

/// The kind of pass over a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From inputs to outputs.
    Infer,
    /// From inputs and targets to the loss.
    Evaluate,
    /// From inputs and targets to the loss and every metric.
    Measure,
    /// From inputs and targets to the loss and every gradient.
    Train,
}

/// Checks that a batch has the fewest samples that a pass takes.
///
/// # Errors
/// [`Error::BatchSize`].
pub fn check_batch<N: Network>(mode: Mode, samples: usize, lengths: &[usize]) -> Result<()> {
    match N::whole_batch(mode, lengths) {
        Some(expected) if samples < expected => Err(Error::BatchSize { actual: samples, expected }),
        _ => Ok(()),
    }
}

/// The memory of training: one [`Worker`] per thread.
pub struct Training<T> {
    pub workers: Vec<Worker<T>>,
    /// The factor of each cross entropy of the loss.
    pub normalisers: Buffer<T>,
    /// The largest batch and run-time sizes for which the memory was made.
    batch: usize,
    lengths: Lengths,
    /// Number of samples of a tile.
    pub tile: usize,
    pub set: InstructionSet,
}

/// The buffers and results of one thread.
pub struct Worker<T> {
    pub arena: Buffer<T>,
    pub gradients: Buffer<T>,
    /// The sums of the gradients over blocks of tiles, in `f64`; empty if a share has only few tiles.
    pub totals: Buffer<f64>,
    pub loss: f64,
    /// The metrics of the samples of one tile; `metrics` are their sums over all tiles.
    pub measured: Buffer<T>,
    pub metrics: Vec<f64>,
}

impl<T: Scalar> Training<T> {
    /// Allocates memory for a batch, at least as much as `before` has.
    ///
    /// # Errors
    /// [`Error::TooLarge`](crate::Error::TooLarge).
    pub fn new<N: Trainable<Scalar = T>>(
        batch: &Batch<'_, '_, N>,
        mode: Mode,
        before: Option<&Self>,
    ) -> Result<Self> {
        let mut division = Division::of(batch, mode);
        if let Some(before) = before {
            division.workers = division.workers.max(before.workers.len());
            division.arena = division.arena.max(before.workers[0].arena.len());
            division.sums_blocks |= !before.workers[0].totals.is_empty();
        }
        let parameters = if mode == Mode::Train { buffer_len(N::LAYOUT) } else { 0 };
        let metrics = if mode == Mode::Measure { N::METRICS.len() } else { 0 };
        let what = || described::<N>(batch.samples, &batch.lengths);
        let worker = || {
            Ok(Worker {
                arena: Buffer::zeros_for(division.arena, what)?,
                gradients: Buffer::zeros_for(parameters, what)?,
                totals: Buffer::zeros_for(if division.sums_blocks { parameters } else { 0 }, what)?,
                loss: 0.0,
                measured: Buffer::zeros_for(metrics * division.tile, what)?,
                metrics: vec![0.0; metrics],
            })
        };
        Ok(Self {
            workers: (0..division.workers).map(|_| worker()).collect::<Result<_>>()?,
            normalisers: Buffer::zeros(N::NORMALISERS),
            batch: batch.samples,
            lengths: batch.lengths,
            tile: division.tile,
            set: InstructionSet::detect(),
        })
    }

    /// Returns memory for no sample at all.
    pub fn nothing() -> Self {
        let worker = Worker {
            arena: Buffer::default(),
            gradients: Buffer::default(),
            totals: Buffer::default(),
            loss: 0.0,
            measured: Buffer::default(),
            metrics: Vec::new(),
        };
        Self {
            workers: vec![worker],
            normalisers: Buffer::default(),
            batch: 0,
            lengths: Lengths::default(),
            tile: 1,
            set: InstructionSet::detect(),
        }
    }

    /// Returns the memory of the steps before if a batch fits into it, and else a larger one.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn fitting<N: Trainable<Scalar = T>>(
        batch: &Batch<'_, '_, N>,
        mode: Mode,
        before: Option<Box<Self>>,
    ) -> Result<Box<Self>> {
        match before {
            Some(training) if training.fits(batch) => Ok(training),
            before => Ok(Box::new(Self::new(batch, mode, before.as_deref())?)),
        }
    }

    /// Returns true if a training step on the batch needs no more memory. If the batch is in no respect larger
    /// than the one the memory was made for, room for a tile of one sample is enough, even if larger tiles
    /// would be faster.
    fn fits<N: Trainable<Scalar = T>>(&self, batch: &Batch<'_, '_, N>) -> bool {
        let is_smaller = batch.samples <= self.batch;
        if N::LENGTHS.is_empty() {
            return is_smaller;
        }
        let (division, arena) = (Division::of(batch, Mode::Train), self.workers[0].arena.len());
        if division.sums_blocks && self.workers[0].totals.is_empty() {
            return false;
        }
        let is_whole = N::whole_batch(Mode::Train, &batch.lengths).is_some();
        if !is_whole && is_smaller && self.lengths.covers(&batch.lengths) {
            return fitting_samples(N::train_slots(&batch.lengths).as_ref(), 1, arena) == 1;
        }
        division.workers <= self.workers.len() && division.arena <= arena
    }

    /// Returns the number of threads and of samples per tile for the run-time sizes of a batch that fits.
    pub fn division<N: Trainable<Scalar = T>>(
        &self,
        batch: &Batch<'_, '_, N>,
        mode: Mode,
    ) -> (usize, usize) {
        let Division { workers, tile, .. } = Division::of(batch, mode);
        let arena = self.workers[0].arena.len();
        let fitting = |slots: &[Slot]| fitting_samples(slots, tile, arena);
        (workers.min(self.workers.len()), with_slots(batch, mode, fitting).max(1))
    }

    /// Returns the gradients of the last run.
    pub fn gradients(&self) -> &[T] {
        &self.workers[0].gradients
    }

    /// Returns the gradients of the last run for modification.
    pub fn gradients_mut(&mut self) -> &mut [T] {
        &mut self.workers[0].gradients
    }

    /// Exchanges the gradients of the last run for others.
    pub fn swap_gradients(&mut self, others: &mut Buffer<T>) {
        std::mem::swap(&mut self.workers[0].gradients, others);
    }

    /// Takes the gradients of the last run out.
    pub fn take_gradients(&mut self) -> Buffer<T> {
        std::mem::take(&mut self.workers[0].gradients)
    }
}

/// The division of a batch over threads and tiles, and the memory for it.
struct Division {
    workers: usize,
    /// Number of samples that pass through the network together.
    tile: usize,
    /// Number of scalars of an arena.
    arena: usize,
    /// `true` if a share has more than [`TILES`] tiles, so that its gradients are summed in blocks in `f64`.
    sums_blocks: bool,
}

impl Division {
    fn of<N: Trainable>(batch: &Batch<'_, '_, N>, mode: Mode) -> Self {
        if N::whole_batch(mode, &batch.lengths).is_some() {
            let tile = batch.samples.max(1);
            let arena = with_slots(batch, mode, |slots| arena_len(slots, tile));
            return Self { workers: 1, tile, arena, sums_blocks: false };
        }
        // the backward pass costs about twice as much as the forward pass
        let passes = if mode == Mode::Train { 3 } else { 1 };
        let (samples, bytes) = (batch.samples, N::Scalar::BYTES);
        let workers = workers::count(
            N::flops(&batch.lengths).saturating_mul(samples.saturating_mul(passes)),
            samples,
        );
        let share = samples.div_ceil(workers);
        let (tile, arena) = with_slots(batch, mode, |slots| {
            let sample = sample_len(slots).saturating_mul(bytes);
            let tile = tile_len(sample, buffer_len(N::LAYOUT) * bytes, share);
            (tile, arena_len(slots, tile))
        });
        Self { workers, tile, arena, sums_blocks: share.div_ceil(tile) > TILES }
    }
}

/// Calls `f` with the slot lengths of the pass `mode`.
fn with_slots<N: Trainable, R>(
    batch: &Batch<'_, '_, N>,
    mode: Mode,
    f: impl FnOnce(&[Slot]) -> R,
) -> R {
    match mode {
        Mode::Train => f(N::train_slots(&batch.lengths).as_ref()),
        Mode::Infer => f(N::slots(&batch.lengths).as_ref()),
        Mode::Evaluate => f(N::evaluate_slots(&batch.lengths).as_ref()),
        Mode::Measure => f(N::measure_slots(&batch.lengths).as_ref()),
    }
}
