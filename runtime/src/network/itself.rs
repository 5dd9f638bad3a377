//! Traits by which a network without a capability is one error where it is asked for.
//!
//! A result is of the network's associated type, which is the network itself. Where the network lacks the trait, the
//! result has no type, and the compiler tells that alone: not every later call on the result as well.

use super::{InputGradients, Network, Streaming, Trainable};

/// A network that [`Network::stream`] can run: every one that is [`Streaming`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be run one step at a time",
    note = "mark it as `#[streaming]` to see which operation looks ahead"
)]
pub trait Streamable: Network {
    /// The network itself.
    type Network: Streaming<Scalar = Self::Scalar>;
}

/// A network that a [`Trainer`](crate::Trainer) can train: every one that is [`Trainable`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    note = "add `loss cross_entropy`, or another loss, after the network's body"
)]
pub trait Learner: Network {
    /// The network itself.
    type Network: Trainable<Scalar = Self::Scalar>;

    #[doc(hidden)]
    fn itself(&mut self) -> &mut <Self as Learner>::Network;
}

/// A network of which [`Network::input_gradients`] computes gradients: every one that has [`InputGradients`].
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
