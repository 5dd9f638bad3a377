//! Loss, metrics, gradients and training steps.

use super::feed::Batch;
use super::memory::{Mode, Training, check_batch};
use super::share::{Evaluate, Job, Measure, Share, Train};
use super::{Gradients, Measures, Network, State, Trainable};
use crate::error::Result;
use crate::layout::{Entry, count_states, entries};
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use crate::source::Feed;
use std::ops::Range;

/// Implements [`Network::loss`](super::Network::loss).
pub(super) fn loss<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<N::Scalar> {
    let batch = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(Mode::Evaluate, batch.samples, &batch.lengths)?;
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
    check_batch::<N>(Mode::Measure, batch.samples, &batch.lengths)?;
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
    check_batch::<N>(Mode::Train, batch.samples, &batch.lengths)?;
    let mut training = Training::new(&batch, Mode::Train, None)?;
    let loss = training.run::<_, Train>(net.state(), &batch);
    let mut values = training.take_gradients();
    // nothing is assigned
    take_states::<N>(&mut values, |_, _| {});
    Ok((loss, Gradients { layout: N::LAYOUT, values }))
}

/// Implements [`Network::train_step`](super::Network::train_step).
pub(super) fn step<'a, 'b, N: Trainable>(
    net: &mut N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    optimizer: &mut impl Optimizer<N::Scalar>,
) -> Result<N::Scalar> {
    let (loss, _) = backward(net, inputs, targets)?;
    assign_states(net);
    let state = net.state_mut();
    state.update(optimizer, N::LAYOUT)?;
    state.steps += 1;
    Ok(loss)
}

/// Runs a training pass over the batch, whose gradients remain in the network's memory of training, and returns the
/// mean loss and the number of samples. Parameters and states are unchanged.
pub(crate) fn backward<'a, 'b, N: Trainable>(
    net: &mut N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<(N::Scalar, usize)> {
    let batch = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(Mode::Train, batch.samples, &batch.lengths)?;
    let state = net.state_mut();
    let mut training = match state.training.take() {
        Some(training) if training.fits(&batch) => training,
        before => Box::new(Training::new(&batch, Mode::Train, before.as_deref())?),
    };
    let loss = training.run::<_, Train>(state, &batch);
    state.training = Some(training);
    Ok((loss, batch.samples))
}

/// Assigns the states that the last training pass has computed, and leaves zeros as their gradients.
pub(crate) fn assign_states<N: Network>(net: &mut N) {
    let State { parameters, training: Some(training), .. } = net.state_mut() else { return };
    take_states::<N>(training.gradients_mut(), |range, values| {
        parameters[range].copy_from_slice(values);
    });
}

/// Calls `take` with the new value of each state and its place in the buffer of parameters. The training pass
/// has left them where gradients of parameters are; zeros take their places, since states have no gradient.
fn take_states<N: Network>(
    gradients: &mut [N::Scalar],
    mut take: impl FnMut(Range<usize>, &[N::Scalar]),
) {
    if const { count_states(N::LAYOUT) == 0 } {
        return;
    }
    for entry in entries(N::LAYOUT).filter(Entry::is_assigned) {
        let values = &mut gradients[entry.range()];
        take(entry.range(), values);
        values.fill(N::Scalar::ZERO);
    }
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
