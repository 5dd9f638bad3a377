//! Piecewise polynomial approximations of sigmoid and SiLU (Howard et al. 2019, MobileNetV3).

use super::Activation;
use crate::number::Number;

/// x + 3 clamped to 0..6, with slope 0 at both ends; NaN stays NaN.
#[inline(always)]
fn relu6<N: Number>(x: N) -> N {
    let (low, high) = (N::constant(0.0), N::constant(6.0));
    let x = x + N::constant(3.0);
    let x = if x <= low { low } else { x };
    if x >= high { high } else { x }
}

/// (x + 3) / 6 clamped to 0..1, with slope 0 at both ends.
///
/// ```
/// use monograd::{Activation, HardSigmoid};
///
/// assert_eq!((HardSigmoid::forward(-4.0), HardSigmoid::forward(0.0)), (0.0, 0.5));
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct HardSigmoid;

impl Activation for HardSigmoid {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        relu6(x) * N::constant(1.0 / 6.0)
    }
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        let inside = if y < N::constant(1.0) { 1.0 / 6.0 } else { 0.0 };
        N::constant(if y > N::constant(0.0) { inside } else { 0.0 })
    }
}

/// x times its [`HardSigmoid`], with slope 0 at -3 and 1 at 3, as in PyTorch (2.15).
///
/// ```
/// use monograd::{Activation, HardSwish};
///
/// assert_eq!((HardSwish::forward(-4.0), HardSwish::forward(4.0)), (0.0, 4.0));
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct HardSwish;

impl Activation for HardSwish {
    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        let product = x * (relu6(x) * N::constant(1.0 / 6.0));
        // avoids minus infinity times zero, which is NaN
        if x < N::constant(-3.0) { N::constant(0.0) } else { product }
    }
    #[inline(always)]
    fn forward_and_derivative<N: Number>(x: N) -> (N, N) {
        let middle = x.mul_add(N::constant(1.0 / 3.0), N::constant(0.5));
        let slope = if x >= N::constant(3.0) { N::constant(1.0) } else { middle };
        let slope = if x <= N::constant(-3.0) { N::constant(0.0) } else { slope };
        (Self::forward(x), slope)
    }
}
