//! Loss, metrics, gradients and training steps.

use super::feed::Batch;
use super::memory::{Mode, Training, check_batch};
use super::share::{Evaluate, Job, Measure, Share, Train};
use super::{Gradients, Measures, Network, State, Trainable};
use crate::error::{Error, Result};
use crate::inspect::{Anomaly, Symptom, symptom};
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

/// Implements [`Network::train_step`](super::Network::train_step), and with `checked`
/// [`Network::checked_train_step`](super::Network::checked_train_step).
pub(super) fn step<'a, 'b, N: Trainable>(
    net: &mut N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    optimizer: &mut impl Optimizer<N::Scalar>,
    checked: bool,
) -> Result<N::Scalar> {
    let batch = Batch::<N>::new(inputs, targets)?;
    let loss = backward(net, &batch)?;
    if checked {
        let gradients = net.state().training.as_ref().map(|training| training.gradients());
        if let Some(symptom) = symptom(loss, gradients.unwrap_or_default(), N::LAYOUT) {
            return Err(Error::Anomaly(Box::new(anomaly(net, &batch, symptom)?)));
        }
    }
    assign_states(net);
    let state = net.state_mut();
    state.update(optimizer, N::LAYOUT)?;
    state.steps += 1;
    Ok(loss)
}

/// Runs a training pass over the batch, whose gradients remain in the network's memory of training, and returns the
/// mean loss. Parameters and states are unchanged.
pub(crate) fn backward<N: Trainable>(net: &mut N, batch: &Batch<'_, '_, N>) -> Result<N::Scalar> {
    check_batch::<N>(Mode::Train, batch.samples, &batch.lengths)?;
    let state = net.state_mut();
    let mut training = Training::fitting(batch, Mode::Train, state.training.take())?;
    let loss = training.run::<_, Train>(state, batch);
    state.training = Some(training);
    Ok(loss)
}

/// Assigns the states that the last training pass has computed, and leaves zeros as their gradients.
pub(crate) fn assign_states<N: Network>(net: &mut N) {
    let State { parameters, training: Some(training), .. } = net.state_mut() else { return };
    take_states::<N>(training.gradients_mut(), |range, values| {
        parameters[range].copy_from_slice(values);
    });
}

/// Implements [`Network::find_anomaly`](super::Network::find_anomaly).
pub(super) fn find_anomaly<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<Option<Anomaly>> {
    let batch = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(Mode::Train, batch.samples, &batch.lengths)?;
    let mut training = Training::new(&batch, Mode::Train, None)?;
    let loss = training.run::<_, Train>(net.state(), &batch);
    let symptom = symptom(loss, training.gradients(), N::LAYOUT);
    symptom.map(|symptom| anomaly(net, &batch, symptom)).transpose()
}

fn anomaly<N: Trainable>(net: &N, batch: &Batch<'_, '_, N>, symptom: Symptom) -> Result<Anomaly> {
    let Batch { inputs, targets, samples, lengths } = batch;
    let origin = net.locate(*inputs, *targets, (*samples, lengths))?;
    Ok(Anomaly { symptom, origin: origin.map(Box::new) })
}

/// Calls `take` with the new value of each state and its place in the buffer of parameters. The training pass
/// has left them where gradients of parameters are; zeros take their places, since states have no gradient.
pub(super) fn take_states<N: Network>(
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
        self.run_part::<N, J>(state, batch, 0);
        T::from_f64(self.workers[0].loss / batch.samples as f64)
    }

    /// Runs a pass over a batch that is part of a whole one, in which its first sample is number `first`, with
    /// the normalisers that are set. Loss, metrics and gradients remain in the first worker.
    #[inline]
    pub(super) fn run_part<N: Trainable<Scalar = T>, J: Job<N>>(
        &mut self,
        state: &State<T>,
        batch: &Batch<'_, '_, N>,
        first: usize,
    ) {
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
            first,
            start: 0,
            samples,
        };
        share.run::<J>(&mut self.workers[..workers]);
    }
}
