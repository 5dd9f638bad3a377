//! The memory of training: how much a batch takes, and whether there is enough.

use super::Trainable;
use super::feed::Batch;
use super::share::TILES;
use super::tile::{arena_len, fitting_samples, tile_len, workspace_len};
use super::workspace::described;
use crate::buffer::Buffer;
use crate::error::Result;
use crate::layout::buffer_len;
use crate::scalar::Scalar;
use crate::simd::InstructionSet;
use crate::source::Lengths;
use crate::workers;

/// What a pass is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Evaluate,
    Measure,
    Train,
}

/// The memory of training: an arena and gradients for each thread.
pub struct Training<T> {
    pub workers: Vec<Worker<T>>,
    pub normalisers: Buffer<T>,
    /// The largest batch and run-time sizes that the memory was made for.
    batch: usize,
    lengths: Lengths,
    pub tile: usize,
    pub set: InstructionSet,
}

/// What one thread works in.
pub struct Worker<T> {
    pub arena: Buffer<T>,
    pub gradients: Buffer<T>,
    /// The sums of the gradients of many tiles.
    pub totals: Buffer<f64>,
    pub loss: f64,
    /// The metrics of the samples of one tile, and their sums.
    pub measured: Buffer<T>,
    pub metrics: Vec<f64>,
}

impl<T: Scalar> Training<T> {
    /// Memory for a batch; not less than there was `before`.
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
            division.many |= !before.workers[0].totals.is_empty();
        }
        let parameters = if mode == Mode::Train { buffer_len(N::LAYOUT) } else { 0 };
        let metrics = if mode == Mode::Measure { N::METRICS.len() } else { 0 };
        let what = || described::<N>(batch.samples, &batch.lengths);
        let worker = || {
            Ok(Worker {
                arena: Buffer::zeros_for(division.arena, what)?,
                gradients: Buffer::zeros_for(parameters, what)?,
                totals: Buffer::zeros_for(if division.many { parameters } else { 0 }, what)?,
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

    /// Whether a training step on the batch needs no more memory. What is no larger in any respect
    /// than what the memory was made for does not, even where it would like larger tiles.
    pub fn fits<N: Trainable<Scalar = T>>(&self, batch: &Batch<'_, '_, N>) -> bool {
        let is_smaller = batch.samples <= self.batch;
        if N::LENGTHS.is_empty() {
            return is_smaller;
        }
        let (division, arena) = (Division::of(batch, Mode::Train), self.workers[0].arena.len());
        if division.many && self.workers[0].totals.is_empty() {
            return false;
        }
        if is_smaller && self.lengths.covers(&batch.lengths) {
            return fitting_samples(N::train_slots(&batch.lengths).as_ref(), 1, arena) == 1;
        }
        division.workers <= self.workers.len() && division.arena <= arena
    }

    /// Threads, and samples in a tile, for the run-time sizes of a batch that fits.
    pub fn division<N: Trainable<Scalar = T>>(
        &self,
        batch: &Batch<'_, '_, N>,
        mode: Mode,
    ) -> (usize, usize) {
        let Division { workers, tile, .. } = Division::of(batch, mode);
        let arena = self.workers[0].arena.len();
        let fitting = |slots: &[usize]| fitting_samples(slots, tile, arena);
        (workers.min(self.workers.len()), with_slots(batch, mode, fitting).max(1))
    }

    /// The gradients of the last run.
    pub fn gradients(&self) -> &[T] {
        &self.workers[0].gradients
    }

    /// The same, taken out.
    pub fn take_gradients(&mut self) -> Buffer<T> {
        std::mem::take(&mut self.workers[0].gradients)
    }
}

/// How a batch is divided, and the memory that a thread needs for it.
struct Division {
    workers: usize,
    /// Samples that go through the network together.
    tile: usize,
    /// Scalars of an arena.
    arena: usize,
    /// Whether a thread takes so many tiles that their gradients are summed in blocks.
    many: bool,
}

impl Division {
    fn of<N: Trainable>(batch: &Batch<'_, '_, N>, mode: Mode) -> Self {
        // backward costs about twice as much as forward
        let passes = if mode == Mode::Train { 3 } else { 1 };
        let (samples, bytes) = (batch.samples, N::Scalar::BYTES);
        let workers = workers::count(
            N::flops(&batch.lengths).saturating_mul(samples.saturating_mul(passes)),
            samples,
        );
        let share = samples.div_ceil(workers);
        let (tile, arena) = with_slots(batch, mode, |slots| {
            let sample = workspace_len(slots).saturating_mul(bytes);
            let tile = tile_len(sample, buffer_len(N::LAYOUT) * bytes, share);
            (tile, arena_len(slots, tile))
        });
        Self { workers, tile, arena, many: share.div_ceil(tile) > TILES }
    }
}

/// What `f` makes of the slots of a pass.
fn with_slots<N: Trainable, R>(
    batch: &Batch<'_, '_, N>,
    mode: Mode,
    f: impl FnOnce(&[usize]) -> R,
) -> R {
    match mode {
        Mode::Train => f(N::train_slots(&batch.lengths).as_ref()),
        Mode::Evaluate => f(N::evaluate_slots(&batch.lengths).as_ref()),
        Mode::Measure => f(N::measure_slots(&batch.lengths).as_ref()),
    }
}
