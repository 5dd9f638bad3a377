//! Activations are types, so that a network is compiled for each.

use crate::number::{Dual, Number};

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
/// # let _ = y;
/// ```
pub trait Activation: Copy + Default + Send + Sync + 'static {
    /// The function.
    fn forward<N: Number>(x: N) -> N;

    /// Whether the derivative is cheap to tell from the output alone (sigmoid, tanh, ReLU).
    /// Training then keeps nothing but the output; otherwise it keeps the derivative, which the
    /// forward pass computes together with the output.
    const FROM_OUTPUT: bool = false;

    /// The derivative in terms of the output y; asked only where [`FROM_OUTPUT`](Self::FROM_OUTPUT).
    fn derivative_from_output<N: Number>(y: N) -> N {
        y
    }

    /// The output and the derivative, sharing what they have in common.
    #[inline(always)]
    fn forward_and_derivative<N: Number>(x: N) -> (N, N) {
        let y = Self::forward(Dual::variable(x));
        (y.value, y.derivative)
    }
}
