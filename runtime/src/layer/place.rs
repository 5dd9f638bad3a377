//! What a layer is given: the samples of a tile, and where results go.

use crate::kernels::Store;
use crate::network::Tile;
use crate::scalar::Scalar;

/// What the forward pass of a layer works on.
#[derive(Debug)]
pub struct Forward<'a, T> {
    /// How many samples.
    pub samples: usize,
    /// The run-time sizes, in the order of [`LENGTHS`](super::Layer::LENGTHS).
    pub lengths: &'a [usize],
    /// The parameters, as [`LAYOUT`](super::Layer::LAYOUT) places them.
    pub parameters: &'a [T],
    /// Each input, sample after sample.
    pub inputs: &'a [&'a [T]],
    /// Each output, to be written; what is there before has no meaning.
    pub outputs: &'a mut [&'a mut [T]],
    /// At least as much memory as the layer asked for, with any content.
    pub scratch: &'a mut [T],
    /// In training, what random numbers begin with.
    pub random: Option<Random>,
}

/// What the backward pass of a layer works on.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// How many samples.
    pub samples: usize,
    /// The run-time sizes, in the order of [`LENGTHS`](super::Layer::LENGTHS).
    pub lengths: &'a [usize],
    /// The parameters, as [`LAYOUT`](super::Layer::LAYOUT) places them.
    pub parameters: &'a [T],
    /// Each input, sample after sample.
    pub inputs: &'a [&'a [T]],
    /// The gradient of each output.
    pub d_outputs: &'a [&'a [T]],
    /// The gradient of each input, to be written; what is there before has no meaning.
    pub d_inputs: &'a mut [&'a mut [T]],
    /// The gradients of the parameters, to be added to, summed over the samples.
    pub d_parameters: &'a mut [T],
    /// At least as much memory as the layer asked for, with any content.
    pub scratch: &'a mut [T],
    /// In training, what random numbers begin with: the same as in the forward pass.
    pub random: Option<Random>,
}

/// What random numbers of a layer begin with.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// A key of [`Philox`](crate::Philox): another one in every step, place and iteration.
    pub key: (u64, u64),
    /// The place of the first sample in the batch.
    pub first: usize,
}

/// How a network applies a layer.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// To how many samples.
    pub samples: usize,
    /// The shapes of one sample of each input.
    pub shapes: &'a [&'a [usize]],
    /// In training, what random numbers begin with.
    pub random: Option<Random>,
}

impl<'a, T: Scalar> Forward<'a, T> {
    /// The tile of a network that is the layer.
    #[doc(hidden)]
    #[must_use]
    pub fn tile(&self) -> Tile<'a, T> {
        tile(self.samples, self.lengths, self.random)
    }
}

impl<'a, T: Scalar> Backward<'a, T> {
    /// The tile of a network that is the layer.
    #[doc(hidden)]
    #[must_use]
    pub fn tile(&self) -> Tile<'a, T> {
        tile(self.samples, self.lengths, self.random)
    }
}

fn tile<T: Scalar>(samples: usize, lengths: &[usize], random: Option<Random>) -> Tile<'_, T> {
    let Random { key, first } = random.unwrap_or(Random { key: (0, 0), first: 0 });
    let (batch_mean, normalisers, store) = (T::ONE, &[][..], Store::Add);
    Tile { samples, batch_mean, normalisers, store, first, key, lengths }
}

/// Slices as an array.
pub fn each<'a, T, const K: usize>(slices: &'a mut [&'a mut [T]]) -> [&'a mut [T]; K] {
    let mut rest = slices.iter_mut();
    [(); K].map(|()| rest.next().map_or(&mut [][..], |slice| &mut **slice))
}
