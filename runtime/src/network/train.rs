//! Loss, gradients and training steps.

use super::feed::{Batch, sample_lens};
use super::memory::{Mode, Training, Worker};
use super::tile::{Tile, workspace_len};
use super::{Gradients, Measures, Network, State};
use crate::error::Result;
use crate::kernels::Store;
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Feed, MAX_PORTS, Port, Views};
use crate::workers;

/// A network with a `loss`: implemented by `network!`.
///
/// It is trained by [`Network::loss`], [`Network::gradients`] and [`Network::train_step`].
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let mut net = Line::init(1);
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]); // 2 x + 1
/// let mut optimizer = Sgd::new(0.1);
/// for _ in 0..200 {
///     net.train_step(&x, &y, &mut optimizer)?;
/// }
/// assert!(net.loss(&x, &y)? < 1e-4);
///
/// // at the minimum, the gradient is zero
/// let (_, gradients) = net.gradients(&x, &y)?;
/// assert!(gradients.iter().all(|gradient| gradient.as_slice()[0].abs() < 0.01));
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    note = "add `loss cross_entropy`, or another loss, after the network's body"
)]
pub trait Trainable: Network {
    /// Its targets, one slice each.
    type Targets<'a>: Views;

    /// Its targets.
    const TARGETS: &'static [Port];
    /// Scalars of memory that a sample takes in a training step, beside inputs and targets, for the
    /// same run-time sizes as [`FLOPS`](Network::FLOPS).
    const TRAIN_WORKSPACE: usize = workspace_len(Self::TRAIN_SLOTS);

    /// The names of what is measured beside the loss.
    const METRICS: &'static [&'static str] = &[];

    #[doc(hidden)]
    const TARGET_LENS: &'static [usize];
    #[doc(hidden)]
    const EVALUATE_SLOTS: &'static [usize];
    #[doc(hidden)]
    const TRAIN_SLOTS: &'static [usize];
    #[doc(hidden)]
    const MEASURE_SLOTS: &'static [usize] = Self::EVALUATE_SLOTS;
    /// How many cross entropies the loss has.
    #[doc(hidden)]
    const NORMALISERS: usize;

    /// [`EVALUATE_SLOTS`](Self::EVALUATE_SLOTS) for given run-time sizes.
    #[doc(hidden)]
    fn evaluate_slots(lengths: &[usize]) -> impl AsRef<[usize]> {
        let _ = lengths;
        Self::EVALUATE_SLOTS
    }
    /// [`TRAIN_SLOTS`](Self::TRAIN_SLOTS) for given run-time sizes.
    #[doc(hidden)]
    fn train_slots(lengths: &[usize]) -> impl AsRef<[usize]> {
        let _ = lengths;
        Self::TRAIN_SLOTS
    }

    /// [`MEASURE_SLOTS`](Self::MEASURE_SLOTS) for given run-time sizes.
    #[doc(hidden)]
    fn measure_slots(lengths: &[usize]) -> impl AsRef<[usize]> {
        let _ = lengths;
        Self::MEASURE_SLOTS
    }

    /// What each cross entropy is multiplied by, so that the mean over the batch counts only what
    /// is not ignored, by its weight.
    #[doc(hidden)]
    fn normalisers(samples: usize, targets: Self::Targets<'_>, normalisers: &mut [Self::Scalar]);

    /// The sum of the losses of a tile, without training's randomness.
    #[doc(hidden)]
    fn evaluate<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
    ) -> Self::Scalar;

    /// The sum of the losses of a tile, and its share of the gradients.
    #[doc(hidden)]
    fn train<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        gradients: &mut [Self::Scalar],
    ) -> Self::Scalar;

    /// The sum of the losses of a tile, and every metric of every sample, one metric after the
    /// other.
    #[doc(hidden)]
    fn measure_tile<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        values: &mut [Self::Scalar],
    ) -> Self::Scalar {
        let _ = values;
        Self::evaluate(simd, tile, parameters, inputs, targets, arena)
    }
}

/// [`Network::loss`].
pub(super) fn loss<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<N::Scalar> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Evaluate, None);
    Ok(training.run(net.state(), &batch, Mode::Evaluate))
}

/// [`Network::measure`].
pub(super) fn measure<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<Measures<N::Scalar>> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Measure, None);
    let loss = training.run(net.state(), &batch, Mode::Measure);
    let mean = |sum: &f64| N::Scalar::from_f64(sum / batch.samples as f64);
    let values = training.workers[0].metrics.iter().map(mean).collect();
    Ok(Measures { loss, names: N::METRICS, values })
}

/// [`Network::gradients`].
pub(super) fn gradients<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<(N::Scalar, Gradients<N::Scalar>)> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Train, None);
    let loss = training.run(net.state(), &batch, Mode::Train);
    let values = training.take_gradients();
    Ok((loss, Gradients { layout: N::LAYOUT, values }))
}

/// [`Network::train_step`].
pub(super) fn step<'a, 'b, N: Trainable>(
    net: &mut N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    optimizer: &mut impl Optimizer<N::Scalar>,
) -> Result<N::Scalar> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let state = net.state_mut();
    let mut training = match state.training.take() {
        Some(training) if training.fits(&batch) => training,
        before => Box::new(Training::new(&batch, Mode::Train, before.as_deref())),
    };
    let loss = training.run(state, &batch, Mode::Train);
    let outcome = optimizer.step(&mut state.parameters, training.gradients(), N::LAYOUT);
    state.training = Some(training);
    outcome?;
    state.steps += 1;
    Ok(loss)
}

impl<T: Scalar> Training<T> {
    /// The mean loss; in training the gradients as well.
    #[inline]
    fn run<N: Trainable<Scalar = T>>(
        &mut self,
        state: &State<T>,
        batch: &Batch<'_, '_, N>,
        mode: Mode,
    ) -> T {
        N::normalisers(batch.samples, batch.targets, &mut self.normalisers);
        let samples = batch.samples;
        let (mut workers, mut tile) = (self.workers.len(), self.tile);
        if !N::LENGTHS.is_empty() {
            (workers, tile) = self.division(batch, mode);
        }
        let share = Share::<N> {
            mode,
            set: self.set,
            tile,
            parameters: &state.parameters,
            batch,
            normalisers: &self.normalisers,
            key: (state.seed, state.steps),
            start: 0,
            samples,
        };
        share.run(&mut self.workers[..workers]);
        T::from_f64(self.workers[0].loss / samples as f64)
    }
}

/// Some samples of a batch.
struct Share<'a, 'i, 't, N: Trainable> {
    mode: Mode,
    set: InstructionSet,
    tile: usize,
    parameters: &'a [N::Scalar],
    batch: &'a Batch<'i, 't, N>,
    normalisers: &'a [N::Scalar],
    key: (u64, u64),
    start: usize,
    samples: usize,
}

impl<N: Trainable> Clone for Share<'_, '_, '_, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N: Trainable> Copy for Share<'_, '_, '_, N> {}

impl<N: Trainable> Share<'_, '_, '_, N> {
    /// Leaves loss and gradients with the first worker.
    fn run(self, workers: &mut [Worker<N::Scalar>]) {
        let count = workers.len();
        if let [worker] = workers {
            N::Scalar::vectorize(self.set, Tiles { share: self, worker });
            return;
        }
        let first = workers::first_share(self.samples, count);
        let (left, right) = workers.split_at_mut(count / 2);
        let begin = Self { samples: first, ..self };
        let rest = Self { start: self.start + first, samples: self.samples - first, ..self };
        workers::join(|| begin.run(left), || rest.run(right));
        // in the order of the batch, so that the same number of threads gives the same bits
        left[0].loss += right[0].loss;
        left[0].metrics.iter_mut().zip(&right[0].metrics).for_each(|(to, from)| *to += from);
        add(&mut left[0].gradients, &right[0].gradients, count);
    }
}

/// Adds one buffer to another, on `threads` threads.
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

/// The tiles of a share, one after the other.
struct Tiles<'a, 'i, 't, 'w, N: Trainable> {
    share: Share<'a, 'i, 't, N>,
    worker: &'w mut Worker<N::Scalar>,
}

impl<N: Trainable> Vectorize<N::Scalar> for Tiles<'_, '_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let Share { mode, parameters, batch, normalisers, key, mut start, samples, .. } =
            self.share;
        let Worker { arena, gradients, loss, measured, metrics } = self.worker;
        let lengths = &*batch.lengths;
        let (mut room, mut target_room) = ([0; MAX_PORTS], [0; MAX_PORTS]);
        let lens = sample_lens::<N>(N::INPUT_LENS, N::INPUTS, lengths, &mut room);
        let target_lens = sample_lens::<N>(N::TARGET_LENS, N::TARGETS, lengths, &mut target_room);
        let end = start + samples;
        let mut store = Store::Set;
        *loss = 0.0;
        if samples == 0 {
            // more threads than samples: nothing replaces what an earlier step left
            gradients.fill(N::Scalar::ZERO);
        }
        while start < end {
            let tile = Tile {
                samples: self.share.tile.min(end - start),
                batch_mean: N::Scalar::from_f64(1.0 / batch.samples as f64),
                normalisers,
                store,
                first: start,
                key,
                lengths,
            };
            let inputs = batch.inputs.rows(start, tile.samples, lens);
            let targets = batch.targets.rows(start, tile.samples, target_lens);
            let sum = match mode {
                Mode::Train => N::train(simd, &tile, parameters, inputs, targets, arena, gradients),
                Mode::Evaluate => N::evaluate(simd, &tile, parameters, inputs, targets, arena),
                Mode::Measure => {
                    let values = &mut measured[..metrics.len() * tile.samples];
                    let sum =
                        N::measure_tile(simd, &tile, parameters, inputs, targets, arena, values);
                    let each = values.chunks_exact(tile.samples);
                    metrics.iter_mut().zip(each).for_each(|(to, values)| {
                        *to += values.iter().map(|value| value.to_f64()).sum::<f64>();
                    });
                    sum
                }
            };
            *loss += sum.to_f64();
            store = Store::Add;
            start += tile.samples;
        }
    }
}
