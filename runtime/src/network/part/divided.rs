//! Passes over a batch that every rank has and of which each takes a part of its own, with the results of the whole
//! batch.

use super::{Group, Part, means, measure_part, pass};
use crate::distributed::{self, Collective, Slice, SliceMut};
use crate::error::Result;
use crate::layout::{Entry, entries};
use crate::network::feed::{Batch, Inputs};
use crate::network::memory::{Mode, Training, check_batch};
use crate::network::outputs::SlicesMut as _;
use crate::network::share::Train;
use crate::network::{Measures, Network, Outputs as _, Trainable, Workspace};
use crate::scalar::Scalar;
use std::ops::Range;

/// Runs a training pass over the whole batch, whose gradients remain in the memory of training of every rank's network,
/// and returns the mean loss and the number of samples. Parameters and states are unchanged.
pub(crate) fn backward<N: Trainable>(
    net: &mut N,
    whole: Result<Batch<'_, '_, N>>,
    group: &mut Group<'_, N::Scalar>,
) -> Result<(N::Scalar, usize)> {
    let state = net.state_mut();
    let mut memory = state.training.take();
    let part = own_part(whole, Mode::Train, &mut memory, group.collective);
    let (whole, mut part) = pass::<N, Train>(state, part, group.collective)?;
    let loss = means::<N>(&whole, &part, 0, group.collective)?[0];
    group.sum(&whole, part.as_mut().map(|(_, training)| training.gradients_mut()), N::LAYOUT)?;
    let count = N::Scalar::from_f64(whole.parts as f64);
    for entry in entries(N::LAYOUT).filter(Entry::is_assigned) {
        group.sums[entry.range()].iter_mut().for_each(|sum| *sum /= count);
    }
    let training = part.map(|(_, training)| training).or(memory);
    let mut training = training.unwrap_or_else(|| Box::new(Training::nothing()));
    training.swap_gradients(group.sums);
    state.training = Some(training);
    Ok((N::Scalar::from_f64(loss), whole.samples))
}

/// Returns the mean loss and metrics of the whole batch.
pub(crate) fn measure<N: Trainable>(
    net: &N,
    whole: Result<Batch<'_, '_, N>>,
    collective: &mut dyn Collective,
) -> Result<Measures<N::Scalar>> {
    let part = own_part(whole, Mode::Measure, &mut None, collective);
    measure_part(net, part, collective)
}

/// Returns the outputs of the whole batch, on every rank.
pub(crate) fn forward<N: Network>(
    net: &N,
    whole: &Inputs<N::Inputs<'_>>,
    collective: &mut dyn Collective,
) -> Result<N::Output> {
    let mut output = N::Output::zeros(whole.samples, N::OUTPUTS, &whole.lengths)?;
    let samples = own_samples::<N>(Mode::Infer, whole.samples, &whole.lengths, collective);
    if !samples.is_empty() {
        let (_, rest) = output.slices_mut().split(samples.start, N::OUTPUTS, &whole.lengths);
        let (own, _) = rest.split(samples.len(), N::OUTPUTS, &whole.lengths);
        let part = whole.rows::<N>(samples);
        let mut workspace = Workspace::<N>::new(part.samples, &part.lengths)?;
        workspace.infer(&net.state().parameters, &part, own)?;
    }
    // what a rank has not computed is zero
    output.try_each(&mut |values| {
        let own = values.to_vec();
        Ok(collective.all_reduce_sum(Slice::of(&own), SliceMut::of(values))?)
    })?;
    Ok(output)
}

/// Makes memory for this rank's part of the whole batch, or takes that of `before`.
fn own_part<'a, 'b, N: Trainable>(
    whole: Result<Batch<'a, 'b, N>>,
    mode: Mode,
    before: &mut Option<Box<Training<N::Scalar>>>,
    collective: &dyn Collective,
) -> Result<Part<'a, 'b, N>> {
    let whole = whole?;
    let samples = own_samples::<N>(mode, whole.samples, &whole.lengths, collective);
    if samples.is_empty() {
        return Ok(None);
    }
    let batch = whole.rows(samples);
    check_batch::<N>(mode, batch.samples, &batch.lengths)?;
    let training = Training::fitting(&batch, mode, before.take())?;
    Ok(Some((batch, training)))
}

/// Returns this rank's part of a batch. Of a pass that takes a least number of samples together, as batch statistics do,
/// fewer ranks have a part if there are few samples.
fn own_samples<N: Network>(
    mode: Mode,
    samples: usize,
    lengths: &[usize],
    collective: &dyn Collective,
) -> Range<usize> {
    let (rank, size) = (collective.rank(), collective.size());
    let ranks = N::whole_batch(mode, lengths).map_or(size, |least| samples / least.max(1));
    distributed::part(samples, rank, ranks.clamp(1, size))
}
