//! Saturating activations, and softplus, whose derivative is the sigmoid.

use super::Activation;
use crate::number::Number;

/// 1 / (1 + e^-x), the logistic function.
///
/// ```
/// use monograd::{Activation, Sigmoid};
///
/// assert_eq!(Sigmoid::forward(0.0), 0.5);
/// assert_eq!(Sigmoid::derivative_from_output(0.5), 0.25); // its largest slope
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Sigmoid;

impl Activation for Sigmoid {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.sigmoid()
    }
    /// y (1 - y).
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        y * (N::constant(1.0) - y)
    }
}

/// The hyperbolic tangent.
///
/// ```
/// use monograd::{Activation, Tanh};
///
/// assert_eq!(Tanh::forward(0.0), 0.0);
/// assert_eq!(Tanh::derivative_from_output(0.0), 1.0);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Tanh;

impl Activation for Tanh {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.tanh()
    }
    /// 1 - y^2.
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        (-y).mul_add(y, N::constant(1.0))
    }
}

/// ln(1 + e^x) (Dugas, Bengio, Bélisle, Nadeau and Garcia 2000). It is exact everywhere, while
/// PyTorch returns x itself above 20; in `f32` the two are the same.
///
/// ```
/// use monograd::{Activation, Softplus};
///
/// assert!((Softplus::forward(0.0_f64) - 2.0_f64.ln()).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Softplus;

impl Activation for Softplus {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.softplus()
    }
}
