//! Checks the arguments of a call, and reads the number of samples and the run-time sizes from them.

use super::{Network, Trainable};
use crate::error::Result;
use crate::source::{
    DataShape, Feed, Finder, Given, Lengths, MAX_PORTS, Port, Requirement, Views, same_batch,
};
use std::ops::Range;

/// The checked inputs of a network.
pub(crate) struct Inputs<V> {
    pub views: V,
    pub samples: usize,
    pub lengths: Lengths,
}

impl<V: Views> Inputs<V> {
    /// Returns some of the samples of inputs of `N`.
    pub fn rows<N: Network>(&self, samples: Range<usize>) -> Self {
        let mut room = [0; MAX_PORTS];
        let lens = sample_lens::<N>(N::INPUT_LENS, N::INPUTS, &self.lengths, &mut room);
        let views = self.views.rows(samples.start, samples.len(), lens);
        Self { views, samples: samples.len(), lengths: self.lengths }
    }

    /// Checks the inputs of `N`.
    #[inline]
    pub fn checked<'a, N>(inputs: impl Feed<V>) -> Result<Self>
    where
        N: Network<Inputs<'a> = V>,
    {
        let (views, forms) = (inputs.views(), inputs.forms());
        let lengths = if N::LENGTHS.is_empty() {
            Lengths::default()
        } else {
            let mut finder = Finder::new(N::LENGTHS);
            finder.read(&[given(N::INPUTS, views, forms)])?;
            finder.require(N::REQUIREMENTS)?;
            finder.lengths
        };
        let samples = views.batch(&forms, N::INPUTS, &lengths)?;
        Ok(Self { views, samples, lengths })
    }
}

/// Returns the number of samples in the inputs of `N`, or 0 if they do not fit it.
pub(crate) fn samples<'a, N: Network>(inputs: impl Feed<N::Inputs<'a>>) -> usize {
    Inputs::checked::<N>(inputs).map_or(0, |inputs| inputs.samples)
}

/// The checked inputs and targets of a network.
pub(crate) struct Batch<'a, 'b, N: Trainable> {
    pub inputs: N::Inputs<'a>,
    pub targets: N::Targets<'b>,
    pub samples: usize,
    pub lengths: Lengths,
}

impl<'a, 'b, N: Trainable> Batch<'a, 'b, N> {
    /// Checks the inputs and targets.
    pub fn new(
        inputs: impl Feed<N::Inputs<'a>>,
        targets: impl Feed<N::Targets<'b>>,
    ) -> Result<Self> {
        let requirements = [N::REQUIREMENTS, N::TARGET_REQUIREMENTS];
        let (inputs, targets) = pair::<N, _>(inputs, (targets, N::TARGETS), requirements)?;
        let Inputs { views, samples, lengths } = inputs;
        Ok(Self { inputs: views, targets, samples, lengths })
    }

    /// Returns some of the samples.
    pub fn rows(&self, samples: Range<usize>) -> Self {
        let (mut room, mut target_room) = ([0; MAX_PORTS], [0; MAX_PORTS]);
        let lens = sample_lens::<N>(N::INPUT_LENS, N::INPUTS, &self.lengths, &mut room);
        let target_lens =
            sample_lens::<N>(N::TARGET_LENS, N::TARGETS, &self.lengths, &mut target_room);
        let (start, count) = (samples.start, samples.len());
        Self {
            inputs: self.inputs.rows(start, count, lens),
            targets: self.targets.rows(start, count, target_lens),
            samples: count,
            lengths: self.lengths,
        }
    }
}

/// Checks the inputs of `N`, and what is given beside them for these ports: targets, or the gradients of
/// outputs.
pub(super) fn pair<'a, N: Network, V: Views>(
    inputs: impl Feed<N::Inputs<'a>>,
    (others, ports): (impl Feed<V>, &'static [Port]),
    requirements: [&[Requirement]; 2],
) -> Result<(Inputs<N::Inputs<'a>>, V)> {
    let (x, x_forms) = (inputs.views(), inputs.forms());
    let (t, t_forms) = (others.views(), others.forms());
    let lengths = if N::LENGTHS.is_empty() {
        Lengths::default()
    } else {
        let mut finder = Finder::new(N::LENGTHS);
        finder.read(&[given(N::INPUTS, x, x_forms), given(ports, t, t_forms)])?;
        for requirements in requirements {
            finder.require(requirements)?;
        }
        finder.lengths
    };
    let samples = x.batch(&x_forms, N::INPUTS, &lengths)?;
    let count = t.batch(&t_forms, ports, &lengths)?;
    if !ports.is_empty() {
        same_batch((N::INPUTS, samples), (ports, count))?;
    }
    Ok((Inputs { views: x, samples, lengths }, t))
}

fn given<'a, V: Views>(
    ports: &'a [Port],
    views: V,
    forms: [DataShape<'a>; MAX_PORTS],
) -> Given<'a> {
    Given { ports, lens: views.lens(), forms }
}

/// Returns the number of elements of one sample of each port: `fixed`, or lengths computed into `room` if
/// the network has run-time sizes.
#[inline(always)]
pub(super) fn sample_lens<'a, N: Network>(
    fixed: &'static [usize],
    ports: &[Port],
    lengths: &[usize],
    room: &'a mut [usize; MAX_PORTS],
) -> &'a [usize] {
    if N::LENGTHS.is_empty() {
        return fixed;
    }
    for (len, port) in room.iter_mut().zip(ports) {
        *len = port.len_at(lengths);
    }
    room
}
