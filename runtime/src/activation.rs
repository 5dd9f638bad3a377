//! Activation functions. Each is a type, so that a network is compiled separately for each of them.

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
/// To add one, implement [`forward`](Self::forward). Its derivative is computed by evaluating the same
/// function on dual numbers:
///
/// ```
/// use monograd::prelude::*;
///
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
pub trait Activation: Send + Sync + 'static {
    /// Returns the function's value at `x`.
    fn forward<N: Number>(x: N) -> N;

    /// `true` if the derivative is cheap to compute from the output alone (sigmoid, tanh, ReLU).
    /// Training then keeps only the output for the backward pass. Otherwise the forward pass computes
    /// the derivative together with the output and keeps the derivative.
    const FROM_OUTPUT: bool = false;

    /// Returns the derivative in terms of the output `y`. Called only if
    /// [`FROM_OUTPUT`](Self::FROM_OUTPUT) is `true`.
    ///
    /// # Panics
    /// If the activation sets `FROM_OUTPUT` and does not implement this function.
    fn derivative_from_output<N: Number>(y: N) -> N {
        let _ = y;
        unimplemented!("{} has no derivative_from_output", Self::name())
    }

    /// `true` if the derivative may be exactly 0 over a region, as that of ReLU is below 0. No gradient
    /// passes there, not even an infinite one: `sqrt(x >> Relu)` has the gradient 0 where x is negative.
    /// `false` is for functions that are smooth or never flat: the gradient is then multiplied by the
    /// derivative, without a comparison, as PyTorch does it.
    const FLAT: bool = true;

    /// Returns the gradient of x. `dy` is the gradient of the output, and `kept` is the value that the
    /// forward pass kept: the output if [`FROM_OUTPUT`](Self::FROM_OUTPUT), else the derivative.
    #[inline(always)]
    fn chain<N: Number>(kept: N, dy: N) -> N {
        let slope = if Self::FROM_OUTPUT { Self::derivative_from_output(kept) } else { kept };
        let zero = N::constant(0.0);
        if Self::FLAT && slope == zero { zero } else { dy * slope }
    }

    /// Returns the output and the derivative, sharing their common subexpressions.
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

    /// Returns the output and the value that training keeps: the output itself if `FROM_OUTPUT`, else
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

    /// Returns only the value that training keeps.
    #[doc(hidden)]
    #[inline(always)]
    fn kept<N: Number>(x: N) -> N {
        Self::value_and_kept(x).1
    }

    /// Returns the name shown in a summary: the type's name without its path and with its generics.
    fn name() -> &'static str {
        let path = std::any::type_name::<Self>();
        let generics = path.find('<').unwrap_or(path.len());
        let start = path[..generics].rfind("::").map_or(0, |colons| colons + 2);
        &path[start..]
    }
}

#[cfg(test)]
mod tests;
