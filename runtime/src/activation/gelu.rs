//! GELU, exact and approximated (Hendrycks and Gimpel 2016).

use super::Activation;
use crate::number::Number;
use std::f64::consts::FRAC_2_SQRT_PI;

/// x times the probability that a standard normal variable is below x: the exact form, with erf,
/// which is PyTorch's default.
///
/// ```
/// use monograd::{Activation, Gelu};
///
/// assert_eq!(Gelu::forward(0.0), 0.0);
/// assert!((Gelu::forward(1.0_f64) - 0.8413447).abs() < 1e-6); // 1 times the normal distribution at 1
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Gelu;

impl Activation for Gelu {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.gelu()
    }
}

/// x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3): PyTorch's `approximate="tanh"`, as
/// in GPT-2. It is computed as x sigmoid(2 u), which is equal, but does not cancel to 0 for very
/// negative x.
///
/// ```
/// use monograd::{Activation, GeluTanh};
///
/// assert!((GeluTanh::forward(1.0_f64) - 0.841192).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct GeluTanh;

/// 2 sqrt(2 / pi).
const LINEAR: f64 = FRAC_2_SQRT_PI * std::f64::consts::SQRT_2;
const CUBIC: f64 = 0.044_715 * LINEAR;
/// For |x| above this, sigmoid(2 u) is 0 or 1, in `f64` too.
const FARTHEST: f64 = 30.0;

impl Activation for GeluTanh {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        let x = x.maximum(N::constant(-FARTHEST));
        let near = x.minimum(N::constant(FARTHEST));
        let slope = (near * near).mul_add(N::constant(CUBIC), N::constant(LINEAR));
        x * (near * slope).sigmoid()
    }
    /// s + x s (1 - s) (2 u)' with s = sigmoid(2 u).
    #[inline(always)]
    fn forward_and_derivative<N: Number>(x: N) -> (N, N) {
        let x = x.maximum(N::constant(-FARTHEST));
        let near = x.minimum(N::constant(FARTHEST));
        let square = near * near;
        let u = near * square.mul_add(N::constant(CUBIC), N::constant(LINEAR));
        let x_du = near * square.mul_add(N::constant(3.0 * CUBIC), N::constant(LINEAR));
        let s = u.sigmoid();
        (x * s, s * x_du.mul_add(N::constant(1.0) - s, N::constant(1.0)))
    }
}
