//! The trait of networks with a loss.

use super::Learner;
#[cfg(doc)]
use super::Network;
use super::slot::{Slot, workspace_len};
use super::tile::Tile;
use crate::inspect::Located;
use crate::simd::Simd;
use crate::source::{Port, Views};

/// A network with a `loss`. It is implemented by `network!`.
///
/// It is trained by [`Network::loss`], [`Network::gradients`] and [`Network::train_step`].
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let mut net = Line::init(1);
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]); // 2 x + 1
/// let mut optimizer = Sgd::new(0.1);
/// for _ in 0..200 {
///     net.train_step(&x, &y, &mut optimizer)?;
/// }
/// assert!(net.loss(&x, &y)? < 1e-4);
///
/// // at the minimum, the gradient is zero
/// let (_, gradients) = net.gradients(&x, &y)?;
/// assert!(gradients.iter().all(|gradient| gradient.as_slice()[0].abs() < 0.01));
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    note = "add `loss cross_entropy`, or another loss, after the network's body"
)]
pub trait Trainable: Learner<Network = Self> {
    /// The views of the targets, one slice each.
    type Targets<'a>: Views;

    /// The names and shapes of the targets.
    const TARGETS: &'static [Port];
    /// Number of scalars of scratch memory for one sample in a training step, without inputs and targets,
    /// for the same run-time sizes as [`FLOPS`](super::Network::FLOPS).
    const TRAIN_WORKSPACE: usize = workspace_len(Self::TRAIN_SLOTS);

    /// The names of the metrics.
    const METRICS: &'static [&'static str] = &[];

    #[doc(hidden)]
    const TARGET_LENS: &'static [usize];
    #[doc(hidden)]
    const EVALUATE_SLOTS: &'static [Slot];
    #[doc(hidden)]
    const TRAIN_SLOTS: &'static [Slot];
    #[doc(hidden)]
    const MEASURE_SLOTS: &'static [Slot] = Self::EVALUATE_SLOTS;
    /// Number of cross entropies in the loss.
    #[doc(hidden)]
    const NORMALISERS: usize;

    /// Returns [`EVALUATE_SLOTS`](Self::EVALUATE_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn evaluate_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::EVALUATE_SLOTS
    }
    /// Returns [`TRAIN_SLOTS`](Self::TRAIN_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn train_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::TRAIN_SLOTS
    }

    /// Returns [`MEASURE_SLOTS`](Self::MEASURE_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn measure_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::MEASURE_SLOTS
    }

    /// Computes the factor of each cross entropy that makes the mean over the batch a weighted mean of
    /// the targets that are not ignored.
    #[doc(hidden)]
    fn normalisers(samples: usize, targets: Self::Targets<'_>, normalisers: &mut [Self::Scalar]);

    /// Returns the sum of the losses of a tile, without dropout and other randomness of training.
    #[doc(hidden)]
    fn evaluate<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
    ) -> Self::Scalar;

    /// Returns the sum of the losses of a tile, and stores or adds its share of the gradients.
    #[doc(hidden)]
    fn train<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        gradients: &mut [Self::Scalar],
    ) -> Self::Scalar;

    /// Returns what made a loss or gradient of the batch NaN or infinite, if the network can be looked into.
    #[doc(hidden)]
    fn locate(
        &self,
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        batch: (usize, &[usize]),
    ) -> Located {
        let _ = (inputs, targets, batch);
        Ok(None)
    }

    /// Returns the sum of the losses of a tile, and writes the metrics of every sample to `values`, one
    /// metric after the other.
    #[doc(hidden)]
    fn measure_tile<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        values: &mut [Self::Scalar],
    ) -> Self::Scalar {
        let _ = values;
        Self::evaluate(simd, tile, parameters, inputs, targets, arena)
    }
}
