//! Passes over one rank's part of a batch, whose results are those of the whole batch.

mod divided;

pub(crate) use divided::{
    backward as divided_backward, forward as divided_forward, measure as divided_measure,
};

use super::feed::Batch;
use super::memory::{Mode, Training, check_batch};
use super::share::{Evaluate, Job, Measure, Train};
use super::train::take_states;
use super::{Gradients, Measures, Network, State, Trainable};
use crate::buffer::Buffer;
use crate::distributed::{
    Collective, CollectiveError, Contribution, Slice, SliceMut, Whole, agree, agree_on_layout,
    numbers_to_u64, u64_to_numbers,
};
use crate::error::{Error, Result};
use crate::layout::{Parameter, count_states, entries};
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use crate::source::{Feed, MAX_PORTS, Views as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The ranks, and the memory for what they exchange.
pub(crate) struct Group<'a, T> {
    pub collective: &'a mut dyn Collective,
    /// The sums of the gradients of all ranks.
    pub sums: &'a mut Buffer<T>,
}

/// A rank's part of a batch and the memory for it; `None` if the part is empty.
type Part<'a, 'b, N> = Option<(Batch<'a, 'b, N>, Box<Training<<N as Network>::Scalar>>)>;

/// Returns the mean loss of the whole batch.
pub(crate) fn loss<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    collective: &mut dyn Collective,
) -> Result<N::Scalar> {
    let part = part::<N>(inputs, targets, Mode::Evaluate, None);
    let (whole, part) = pass::<N, Evaluate>(net.state(), part, collective)?;
    Ok(N::Scalar::from_f64(means::<N>(&whole, &part, 0, collective)?[0]))
}

/// Returns the mean loss and metrics of the whole batch.
pub(crate) fn measure<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    collective: &mut dyn Collective,
) -> Result<Measures<N::Scalar>> {
    measure_part(net, part::<N>(inputs, targets, Mode::Measure, None), collective)
}

fn measure_part<N: Trainable>(
    net: &N,
    part: Result<Part<'_, '_, N>>,
    collective: &mut dyn Collective,
) -> Result<Measures<N::Scalar>> {
    let (whole, part) = pass::<N, Measure>(net.state(), part, collective)?;
    let means = means::<N>(&whole, &part, N::METRICS.len(), collective)?;
    let values = means[1..].iter().map(|mean| N::Scalar::from_f64(*mean)).collect();
    Ok(Measures { loss: N::Scalar::from_f64(means[0]), names: N::METRICS, values })
}

/// Returns the mean loss of the whole batch and its gradients.
pub(crate) fn gradients<'a, 'b, N: Trainable>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    group: &mut Group<'_, N::Scalar>,
) -> Result<(N::Scalar, Gradients<N::Scalar>)> {
    let part = part::<N>(inputs, targets, Mode::Train, None);
    let (whole, mut part) = pass::<N, Train>(net.state(), part, group.collective)?;
    let loss = means::<N>(&whole, &part, 0, group.collective)?[0];
    group.sum(&whole, part.as_mut().map(|(_, training)| training.gradients_mut()), N::LAYOUT)?;
    // nothing is assigned
    take_states::<N>(group.sums, |_, _| {});
    Ok((N::Scalar::from_f64(loss), Gradients { layout: N::LAYOUT, values: group.sums.clone() }))
}

/// Takes a training step with the gradients of the whole batch and returns its mean loss.
pub(crate) fn step<'a, 'b, N: Trainable>(
    net: &mut N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    optimizer: &mut impl Optimizer<N::Scalar>,
    group: &mut Group<'_, N::Scalar>,
) -> Result<N::Scalar> {
    let state = net.state_mut();
    let part = part::<N>(inputs, targets, Mode::Train, state.training.take());
    let (whole, mut part) = pass::<N, Train>(state, part, group.collective)?;
    let loss = means::<N>(&whole, &part, 0, group.collective)?[0];
    group.sum(&whole, part.as_mut().map(|(_, training)| training.gradients_mut()), N::LAYOUT)?;
    let count = N::Scalar::from_f64(whole.parts as f64);
    take_states::<N>(group.sums, |range, sums| {
        let states = state.parameters[range].iter_mut().zip(sums);
        states.for_each(|(state, sum)| *state = *sum / count);
    });
    let outcome = optimizer.update(&mut state.parameters, group.sums, N::LAYOUT);
    state.training = part.map(|(_, training)| training);
    outcome?;
    state.steps += 1;
    Ok(N::Scalar::from_f64(loss))
}

/// Checks a rank's part of a batch, and makes memory for it or takes that of `before`.
fn part<'a, 'b, N: Trainable>(
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
    mode: Mode,
    before: Option<Box<Training<N::Scalar>>>,
) -> Result<Part<'a, 'b, N>> {
    const NOTHING: [usize; MAX_PORTS] = [0; MAX_PORTS];
    if inputs.views().lens() == NOTHING && targets.views().lens() == NOTHING {
        return Ok(None);
    }
    let batch = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(mode, batch.samples, &batch.lengths)?;
    let training = Training::fitting(&batch, mode, before)?;
    Ok(Some((batch, training)))
}

/// Agrees with the other ranks on the whole batch, and runs a pass over this rank's part. If the part of one
/// rank is wrong, the call fails on all of them.
fn pass<'a, 'b, N: Trainable, J: Job<N>>(
    state: &State<N::Scalar>,
    mut part: Result<Part<'a, 'b, N>>,
    collective: &mut dyn Collective,
) -> Result<(Whole, Part<'a, 'b, N>)> {
    let own = part.as_mut().ok().map(|part| match part {
        None => Contribution { samples: 0, weights: vec![0.0; N::NORMALISERS] },
        Some((batch, training)) => {
            N::normalisers(batch.samples, batch.targets, &mut training.normalisers);
            Contribution::new(batch.samples, &training.normalisers)
        }
    });
    let whole = agree(collective, own.as_ref(), N::NORMALISERS);
    // the rank's own error tells more than that it has failed
    let (mut part, whole) = (part?, whole?);
    if whole.samples == 0 {
        return Err(Error::EmptyBatch {
            port: N::INPUTS.first().map_or("input", |port| port.name),
        });
    }
    if let Some((batch, training)) = &mut part {
        whole.normalisers(&mut training.normalisers);
        training.run_part::<N, J>(state, batch, whole.start);
    }
    Ok((whole, part))
}

/// Returns the mean loss of the whole batch, and its mean metrics.
fn means<N: Trainable>(
    whole: &Whole,
    part: &Part<'_, '_, N>,
    metrics: usize,
    collective: &mut dyn Collective,
) -> Result<Vec<f64>> {
    let own = part.as_ref().map(|(_, training)| &training.workers[0]);
    let own = own.map(|worker| (worker.loss, &worker.metrics[..metrics]));
    Ok(whole.means(own, metrics, collective)?)
}

impl<T: Scalar> Group<'_, T> {
    /// Sums the gradients of the ranks; those of the states, which are their new values, are not weighted by the
    /// ranks' numbers of samples. Empty parts have no gradients.
    fn sum(
        &mut self,
        whole: &Whole,
        gradients: Option<&mut [T]>,
        layout: &'static [Parameter],
    ) -> Result<()> {
        let len = crate::layout::buffer_len(layout);
        if self.sums.len() != len {
            *self.sums = Buffer::try_zeros(len)?;
        }
        let nothing;
        let gradients = match gradients {
            None => {
                nothing = Buffer::<T>::try_zeros(len)?;
                &*nothing
            }
            Some(gradients) => {
                let share = T::from_f64(whole.own as f64 / whole.samples as f64);
                let scale = |values: &mut [T]| values.iter_mut().for_each(|value| *value *= share);
                match count_states(layout) {
                    0 => scale(gradients),
                    _ => entries(layout)
                        .filter(|entry| !entry.is_assigned())
                        .for_each(|entry| scale(&mut gradients[entry.range()])),
                }
                gradients
            }
        };
        self.collective.all_reduce_sum(Slice::of(gradients), SliceMut::of(self.sums))?;
        Ok(())
    }
}

/// Replaces the parameters, states, seed and number of steps of every rank by those of rank 0.
pub(crate) fn broadcast_state<T: Scalar>(
    state: &mut State<T>,
    layout: &'static [Parameter],
    collective: &mut dyn Collective,
) -> Result<(), CollectiveError> {
    agree_on_layout(collective, digest::<T>(layout))?;
    let ([a, b], [c, d]) = (u64_to_numbers(state.seed), u64_to_numbers(state.steps));
    let mut numbers = [a, b, c, d];
    collective.broadcast(SliceMut::F64(&mut numbers), 0)?;
    collective.broadcast(SliceMut::of(&mut state.parameters), 0)?;
    let [a, b, c, d] = numbers;
    (state.seed, state.steps) = (numbers_to_u64([a, b]), numbers_to_u64([c, d]));
    Ok(())
}

/// Replaces the number of steps, the learning rate and the state of every rank's optimiser by those of rank 0.
pub(crate) fn broadcast_optimizer<T: Scalar>(
    optimizer: &mut dyn Optimizer<T>,
    layout: &'static [Parameter],
    collective: &mut dyn Collective,
) -> Result<()> {
    agree_on_layout(collective, digest::<T>(layout))?;
    let names = optimizer.state_names();
    let states = optimizer.states();
    let has = |name: &str| states.iter().any(|(known, _)| *known == name);
    let [high, low] = u64_to_numbers(optimizer.steps());
    let mut numbers = vec![high, low, optimizer.learning_rate()];
    numbers.extend(names.iter().map(|name| f64::from(u8::from(has(name)))));
    collective.broadcast(SliceMut::F64(&mut numbers), 0)?;
    let mut received = Vec::new();
    for (name, _) in names.iter().zip(&numbers[3..]).filter(|(_, has)| **has != 0.0) {
        let own = states.iter().find(|(known, _)| known == name).map(|(_, values)| *values);
        let mut values = match own {
            Some(values) => values.to_vec(),
            None => vec![T::ZERO; crate::layout::buffer_len(layout)],
        };
        collective.broadcast(SliceMut::of(&mut values), 0)?;
        received.push(((*name).to_owned(), values));
    }
    if collective.rank() != 0 {
        let steps = numbers_to_u64([numbers[0], numbers[1]]);
        // an optimiser without steps has no state, even if it cannot be restored
        if steps > 0 || optimizer.steps() > 0 {
            optimizer.restore(steps, received, layout)?;
        }
        optimizer.set_learning_rate(numbers[2]);
    }
    Ok(())
}

/// Returns a number that tells layouts of different parameters apart, and networks of different scalars.
fn digest<T: Scalar>(layout: &'static [Parameter]) -> u64 {
    let mut hasher = DefaultHasher::new();
    T::NAME.hash(&mut hasher);
    for entry in entries(layout) {
        (entry.name(), entry.shape(), entry.range()).hash(&mut hasher);
    }
    hasher.finish()
}
