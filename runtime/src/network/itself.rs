//! Traits by which a network without a capability is one error where it is asked for.
//!
//! A result is of the network's associated type, which is the network itself. Where the network lacks the trait, the
//! result has no type, and the compiler tells that alone: not every later call on the result as well.

use super::{InputGradients, Network, Streaming, Trainable};

/// A network that [`Network::stream`] can run: every one that is [`Streaming`].
///
/// ```
/// use monograd::Streamable;
/// use monograd::prelude::*;
///
/// network! { Half(x: [dyn T]) -> [T] { x / 2 } }
///
/// /// Runs the first step of any network of one number a step.
/// fn first<N: Streamable<Scalar = f32>>(net: &N, x: f32) -> f32
/// where
///     for<'a> N::Network: Network<Scalar = f32, Inputs<'a> = (&'a [f32],), Output = Tensor>,
/// {
///     net.stream().step(&[x])[0]
/// }
///
/// assert_eq!(first(&Half::init(1), 3.0), 1.5);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be run one step at a time",
    note = "mark it as `#[streaming]` to see which operation looks ahead"
)]
pub trait Streamable: Network {
    /// The network itself.
    type Network: Streaming<Scalar = Self::Scalar>;
}

/// A network that a [`Trainer`](crate::Trainer) can train and [`evaluate`](crate::train::evaluate) can measure: every
/// one that is [`Trainable`].
///
/// ```
/// use monograd::Learner;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// /// Trains any network that has a loss, for one epoch.
/// fn learn<N: Learner<Network = N, Scalar = f32> + Trainable<Scalar = f32>>(
///     net: &mut N,
///     data: impl monograd::data::Batches<N>,
/// ) -> Result<u64, Error> {
///     Ok(Trainer::new(net, &mut AdamW::new(0.01)).fit(data)?.steps)
/// }
///
/// assert_eq!(learn(&mut Line::init(1), |_epoch| [([0.0], [1.0]), ([1.0], [3.0])])?, 2);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    note = "add `loss cross_entropy`, or another loss, after the network's body"
)]
pub trait Learner: Network {
    /// The network itself.
    type Network: Trainable<Scalar = Self::Scalar>;

    #[doc(hidden)]
    fn itself(&mut self) -> &mut <Self as Learner>::Network;

    #[doc(hidden)]
    fn seen(&self) -> &<Self as Learner>::Network;
}

/// A network of which [`Network::input_gradients`] computes gradients: every one that has [`InputGradients`].
///
/// ```
/// use monograd::Differentiable;
/// use monograd::prelude::*;
///
/// network! {
///     #[input_gradients]
///     Square(x: [2]) -> [] { sum(x * x) }
///     loss |y| mean(y)
/// }
///
/// fn is_differentiable<N: Differentiable>(_: &N) -> bool {
///     true
/// }
///
/// let net = Square::init(1);
/// assert!(is_differentiable(&net));
/// assert_eq!(net.input_gradients(&[2.0, 0.0], ())?.1.as_slice(), [4.0, 0.0]);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradients of its inputs with respect to a loss",
    note = "write `#[input_gradients]` before the network's name, and a loss after its body"
)]
pub trait Differentiable: Network {
    /// The network itself.
    type Network: InputGradients<Scalar = Self::Scalar>;

    #[doc(hidden)]
    fn itself(&self) -> &<Self as Differentiable>::Network;
}
