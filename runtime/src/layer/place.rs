//! The arguments of a layer's forward and backward pass.

use crate::kernels::Store;
use crate::kernels::dropout::NOTHING_DROPPED;
use crate::network::Tile;
use crate::scalar::Scalar;

/// The arguments of a layer's forward pass.
///
/// ```
/// use monograd::layer::{Backward, Forward};
/// use monograd::prelude::*;
/// use monograd::{Layer, Port, Simd};
///
/// /// The largest of `N` numbers: the scratch memory holds those of one sample.
/// struct Largest<const N: usize>;
///
/// impl<const N: usize> Layer for Largest<N> {
///     const INPUTS: &'static [Port] = &[Port::new("x", &[N])];
///     const OUTPUTS: &'static [Port] = &[Port::new("y", &[1])];
///     const FORWARD_SCRATCH: usize = N;
///
///     fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
///         let Forward { samples, inputs, outputs, scratch, .. } = at;
///         for sample in 0..samples {
///             let sorted = &mut scratch[..N];
///             sorted.copy_from_slice(&inputs[0][sample * N..][..N]);
///             sorted.sort_by(|a, b| b.to_f64().total_cmp(&a.to_f64()));
///             outputs[0][sample] = sorted[0];
///         }
///     }
///
///     fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
///         at.d_inputs[0].fill(T::ZERO); // as if it were constant
///     }
/// }
///
/// network! { Best(x: [3]) -> [1] { x >> Largest::<3>() } }
///
/// assert_eq!(Best::init(1).forward(&[0.5, 2.0, -1.0])?.as_slice(), [2.0]);
/// # Ok::<(), Error>(())
/// ```
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
///
/// ```
/// use monograd::layer::{Backward, Forward};
/// use monograd::prelude::*;
/// use monograd::{Layer, Port, Simd};
///
/// /// Twice its input, with a tenth of the gradient.
/// struct Slow;
///
/// impl Layer for Slow {
///     const INPUTS: &'static [Port] = &[Port::new("x", &[1])];
///     const OUTPUTS: &'static [Port] = &[Port::new("y", &[1])];
///
///     fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
///         at.inputs[0].iter().zip(&mut *at.outputs[0]).for_each(|(x, y)| *y = *x + *x);
///     }
///
///     fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
///         let tenth = T::from_f64(0.1);
///         at.d_outputs[0].iter().zip(&mut *at.d_inputs[0]).for_each(|(dy, dx)| *dx = tenth * *dy);
///     }
/// }
///
/// network! {
///     #[input_gradients]
///     Net(x: [1]) -> [1] { x >> Slow() }
/// }
///
/// let net = Net::init(1);
/// assert_eq!(net.forward(&[3.0])?.as_slice(), [6.0]);
/// assert_eq!(net.vjp(&[3.0], &[10.0])?.as_slice(), [1.0]);
/// # Ok::<(), Error>(())
/// ```
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
///
/// ```
/// use monograd::layer::Random;
/// use monograd::Philox;
///
/// /// Returns a random number for each of some samples, which do not depend on how a batch is cut.
/// fn numbers(random: Random, samples: usize) -> Vec<f64> {
///     let philox = Philox::new(random.key.0 ^ random.key.1);
///     (0..samples).map(|i| philox.stream((random.first + i) as u64).uniform()).collect()
/// }
///
/// let at = |first| Random { key: (42, 7), first };
/// assert_eq!(numbers(at(0), 4)[2..], numbers(at(2), 2));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// A key of [`Philox`](crate::Philox): different in every step, application and iteration.
    pub key: (u64, u64),
    /// The index of the first sample in the batch.
    pub first: usize,
}

/// The context in which a network applies a layer.
///
/// ```
/// use monograd::layer::Applied;
///
/// /// Returns how much memory a layer asks for: a copy of its input, and in training another one.
/// fn scratch(at: &Applied<'_>) -> usize {
///     let len: usize = at.shapes[0].iter().product();
///     at.samples * len * if at.random.is_some() { 2 } else { 1 }
/// }
///
/// let at = Applied { samples: 3, shapes: &[&[4, 5]], random: None };
/// assert_eq!(scratch(&at), 60);
/// ```
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
