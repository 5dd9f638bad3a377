//! Activations are types, so that a network is compiled for each.

use crate::number::{Dual, Number};

mod elu;
mod gelu;
mod hard;
mod mish;
mod relu;
mod sigmoid;
mod silu;

pub use elu::{Elu, Selu};
pub use gelu::{Gelu, GeluTanh};
pub use hard::{HardSigmoid, HardSwish};
pub use mish::Mish;
pub use relu::{Identity, LeakyRelu, Relu};
pub use sigmoid::{Sigmoid, Softplus, Tanh};
pub use silu::{Silu, Swish};

/// An elementwise activation function.
///
/// One of your own is one function; its derivative comes from evaluating the same function on
/// dual numbers:
///
/// ```
/// use monograd::prelude::*;
///
/// #[derive(Clone, Copy, Default, Debug)]
/// struct Snake;
/// impl Activation for Snake {
///     fn forward<N: Number>(x: N) -> N {
///         x + x.sin() * x.sin()
///     }
/// }
/// let (y, slope) = Snake::forward_and_derivative(0.5_f64);
/// assert!((slope - (1.0 + 1.0_f64.sin())).abs() < 1e-12);
/// assert_eq!(Snake::name(), "Snake");
/// # let _ = y;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an activation",
    label = "an activation implements `Activation`",
    note = "one of your own is a type with one function: \
            `impl Activation for {Self} {{ fn forward<N: Number>(x: N) -> N {{ .. }} }}`",
    note = "a network from elsewhere is applied with parentheses: `x >> {Self}()`"
)]
pub trait Activation: Copy + Default + Send + Sync + 'static {
    /// The function.
    fn forward<N: Number>(x: N) -> N;

    /// Whether the derivative is cheap to tell from the output alone (sigmoid, tanh, ReLU).
    /// Training then keeps nothing but the output; otherwise it keeps the derivative, which the
    /// forward pass computes together with the output.
    const FROM_OUTPUT: bool = false;

    /// The derivative in terms of the output y; asked only where [`FROM_OUTPUT`](Self::FROM_OUTPUT).
    ///
    /// # Panics
    /// Where it is not written for an activation that promises it.
    fn derivative_from_output<N: Number>(y: N) -> N {
        let _ = y;
        unimplemented!("{} has no derivative_from_output", Self::name())
    }

    /// Whether the derivative may be exactly 0 over a region, as ReLU's is below 0. There, no gradient
    /// passes, not even an infinite one: `sqrt(x >> Relu)` has the gradient 0 where x is negative.
    /// `false` is for what is smooth, or never flat: the gradient is then multiplied by the
    /// derivative, without a comparison, as PyTorch does it.
    const FLAT: bool = true;

    /// The gradient of x from `dy`, that of the output, and what was kept: the output where it
    /// [tells the derivative](Self::FROM_OUTPUT), else the derivative.
    #[inline(always)]
    fn chain<N: Number>(kept: N, dy: N) -> N {
        let slope = if Self::FROM_OUTPUT { Self::derivative_from_output(kept) } else { kept };
        let zero = N::constant(0.0);
        if Self::FLAT && slope == zero { zero } else { dy * slope }
    }

    /// The output and the derivative, sharing what they have in common.
    #[inline(always)]
    fn forward_and_derivative<N: Number>(x: N) -> (N, N) {
        if Self::FROM_OUTPUT {
            let y = Self::forward(x);
            (y, Self::derivative_from_output(y))
        } else {
            let y = Self::forward(Dual::variable(x));
            (y.value, y.derivative)
        }
    }

    /// The output, and what training keeps: the output itself where that tells the derivative, else
    /// the derivative.
    #[doc(hidden)]
    #[inline(always)]
    fn value_and_kept<N: Number>(x: N) -> (N, N) {
        if Self::FROM_OUTPUT {
            let y = Self::forward(x);
            (y, y)
        } else {
            Self::forward_and_derivative(x)
        }
    }

    /// What training keeps alone.
    #[doc(hidden)]
    #[inline(always)]
    fn kept<N: Number>(x: N) -> N {
        Self::value_and_kept(x).1
    }

    /// The name that a summary shows: the type's, without its path.
    fn name() -> &'static str {
        let path = std::any::type_name::<Self>();
        let generics = path.find('<').unwrap_or(path.len());
        let start = path[..generics].rfind("::").map_or(0, |colons| colons + 2);
        &path[start..]
    }
}

#[cfg(test)]
mod tests;
