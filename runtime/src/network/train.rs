//! Loss, metrics, gradients and training steps.

use super::feed::Batch;
use super::memory::{Mode, Training};
use super::share::{Evaluate, Job, Measure, Share, Train};
use super::{Gradients, Measures, State, Trainable};
use crate::error::Result;
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use crate::source::Feed;

/// Implements [`Network::loss`](super::Network::loss).
pub(super) fn loss<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<N::Scalar> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Evaluate, None)?;
    Ok(training.run::<_, Evaluate>(net.state(), &batch))
}

/// Implements [`Network::measure`](super::Network::measure).
pub(super) fn measure<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<Measures<N::Scalar>> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Measure, None)?;
    let loss = training.run::<_, Measure>(net.state(), &batch);
    let mean = |sum: &f64| N::Scalar::from_f64(sum / batch.samples as f64);
    let values = training.workers[0].metrics.iter().map(mean).collect();
    Ok(Measures { loss, names: N::METRICS, values })
}

/// Implements [`Network::gradients`](super::Network::gradients).
pub(super) fn gradients<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<(N::Scalar, Gradients<N::Scalar>)> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let mut training = Training::new(&batch, Mode::Train, None)?;
    let loss = training.run::<_, Train>(net.state(), &batch);
    let values = training.take_gradients();
    Ok((loss, Gradients { layout: N::LAYOUT, values }))
}

/// Implements [`Network::train_step`](super::Network::train_step).
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
        before => Box::new(Training::new(&batch, Mode::Train, before.as_deref())?),
    };
    let loss = training.run::<_, Train>(state, &batch);
    let outcome = optimizer.step(&mut state.parameters, training.gradients(), N::LAYOUT);
    state.training = Some(training);
    outcome?;
    state.steps += 1;
    Ok(loss)
}

impl<T: Scalar> Training<T> {
    /// Runs a pass over the batch and returns the mean loss. Metrics or gradients remain in the first worker.
    #[inline]
    fn run<N: Trainable<Scalar = T>, J: Job<N>>(
        &mut self,
        state: &State<T>,
        batch: &Batch<'_, '_, N>,
    ) -> T {
        N::normalisers(batch.samples, batch.targets, &mut self.normalisers);
        let samples = batch.samples;
        let (mut workers, mut tile) = (self.workers.len(), self.tile);
        if !N::LENGTHS.is_empty() {
            (workers, tile) = self.division(batch, J::MODE);
        }
        let share = Share::<N> {
            set: self.set,
            tile,
            parameters: &state.parameters,
            batch,
            normalisers: &self.normalisers,
            key: (state.seed, state.steps),
            start: 0,
            samples,
        };
        share.run::<J>(&mut self.workers[..workers]);
        T::from_f64(self.workers[0].loss / samples as f64)
    }
}
