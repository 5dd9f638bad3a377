//! Checks the arguments of a call, and reads the number of samples and the run-time sizes from them.

use super::{Network, Trainable};
use crate::error::Result;
use crate::source::{DataShape, Feed, Finder, Given, Lengths, MAX_PORTS, Port, Views, same_batch};

/// The checked inputs of a network.
pub(super) struct Inputs<V> {
    pub views: V,
    pub samples: usize,
    pub lengths: Lengths,
}

impl<V: Views> Inputs<V> {
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
pub(super) struct Batch<'a, 'b, N: Trainable> {
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
        let (x, x_forms) = (inputs.views(), inputs.forms());
        let (t, t_forms) = (targets.views(), targets.forms());
        let lengths = if N::LENGTHS.is_empty() {
            Lengths::default()
        } else {
            let mut finder = Finder::new(N::LENGTHS);
            finder.read(&[given(N::INPUTS, x, x_forms), given(N::TARGETS, t, t_forms)])?;
            finder.require(N::REQUIREMENTS)?;
            finder.require(N::TARGET_REQUIREMENTS)?;
            finder.lengths
        };
        let samples = x.batch(&x_forms, N::INPUTS, &lengths)?;
        let count = t.batch(&t_forms, N::TARGETS, &lengths)?;
        if !N::TARGETS.is_empty() {
            same_batch((N::INPUTS, samples), (N::TARGETS, count))?;
        }
        Ok(Self { inputs: x, targets: t, samples, lengths })
    }
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
