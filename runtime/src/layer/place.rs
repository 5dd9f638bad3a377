//! The arguments of a layer's forward and backward pass.

use crate::kernels::Store;
use crate::kernels::dropout::NOTHING_DROPPED;
use crate::network::Tile;
use crate::scalar::Scalar;

/// The arguments of a layer's forward pass.
#[derive(Debug)]
pub struct Forward<'a, T> {
    /// Number of samples.
    pub samples: usize,
    /// The run-time sizes, in the order of [`LENGTHS`](super::Layer::LENGTHS).
    pub lengths: &'a [usize],
    /// The parameters, as [`LAYOUT`](super::Layer::LAYOUT) places them.
    pub parameters: &'a [T],
    /// The inputs, each sample after sample.
    pub inputs: &'a [&'a [T]],
    /// The outputs, each sample after sample, to be overwritten. Their contents are unspecified.
    pub outputs: &'a mut [&'a mut [T]],
    /// Scratch memory: at least as much as the layer asked for, with unspecified contents.
    pub scratch: &'a mut [T],
    /// In training, the key of the random numbers.
    pub random: Option<Random>,
}

/// The arguments of a layer's backward pass.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// Number of samples.
    pub samples: usize,
    /// The run-time sizes, in the order of [`LENGTHS`](super::Layer::LENGTHS).
    pub lengths: &'a [usize],
    /// The parameters, as [`LAYOUT`](super::Layer::LAYOUT) places them.
    pub parameters: &'a [T],
    /// The inputs, each sample after sample.
    pub inputs: &'a [&'a [T]],
    /// The gradients of the outputs.
    pub d_outputs: &'a [&'a [T]],
    /// The gradients of the inputs, to be overwritten. Their contents are unspecified.
    pub d_inputs: &'a mut [&'a mut [T]],
    /// The gradients of the parameters, summed over the samples, to be added to.
    pub d_parameters: &'a mut [T],
    /// Scratch memory: at least as much as the layer asked for, with unspecified contents.
    pub scratch: &'a mut [T],
    /// In training, the key of the random numbers: the same as in the forward pass.
    pub random: Option<Random>,
}

/// The key and position of a layer's random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// A key of [`Philox`](crate::Philox): different in every step, application and iteration.
    pub key: (u64, u64),
    /// The index of the first sample in the batch.
    pub first: usize,
}

/// The context in which a network applies a layer.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// Number of samples.
    pub samples: usize,
    /// The shape of one sample of each input.
    pub shapes: &'a [&'a [usize]],
    /// In training, the key of the random numbers.
    pub random: Option<Random>,
}

impl<'a, T: Scalar> Forward<'a, T> {
    /// Returns the tile for a network that is applied as this layer.
    #[doc(hidden)]
    #[must_use]
    pub fn tile(&self) -> Tile<'a, T> {
        tile(self.samples, self.lengths, self.random)
    }
}

impl<'a, T: Scalar> Backward<'a, T> {
    /// Returns the tile for a network that is applied as this layer.
    #[doc(hidden)]
    #[must_use]
    pub fn tile(&self) -> Tile<'a, T> {
        tile(self.samples, self.lengths, self.random)
    }
}

fn tile<T: Scalar>(samples: usize, lengths: &[usize], random: Option<Random>) -> Tile<'_, T> {
    // the backward pass of a network that is not trained drops nothing, as its forward pass
    let Random { key, first } = random.unwrap_or(Random { key: (0, NOTHING_DROPPED), first: 0 });
    let (batch_mean, normalisers, store) = (T::ONE, &[][..], Store::Add);
    Tile { samples, batch: samples, batch_mean, normalisers, store, first, key, lengths }
}

/// Reborrows slices as an array. Missing ones are empty.
pub fn each<'a, T, const K: usize>(slices: &'a mut [&'a mut [T]]) -> [&'a mut [T]; K] {
    let mut rest = slices.iter_mut();
    [(); K].map(|()| rest.next().map_or(&mut [][..], |slice| &mut **slice))
}
