//! Unbounded piecewise linear activations: ReLU, leaky ReLU, and the identity.

use super::Activation;
use crate::number::Number;

/// max(x, 0), with slope 0 at 0 (Nair and Hinton 2010).
///
/// ```
/// use monograd::{Activation, Relu};
///
/// assert_eq!((Relu::forward(2.0), Relu::forward(-2.0)), (2.0, 0.0));
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Relu;

impl Activation for Relu {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        // NaN stays NaN
        if x < N::constant(0.0) { N::constant(0.0) } else { x }
    }
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        if y <= N::constant(0.0) { N::constant(0.0) } else { N::constant(1.0) }
    }
    /// Selects by the output instead of multiplying, which is as fast.
    /// [`chosen`](crate::__private::chosen) says why 0 is added.
    #[inline(always)]
    fn chain<N: Number>(y: N, dy: N) -> N {
        let zero = N::constant(0.0);
        if y <= zero { zero } else { dy + zero }
    }
}

/// x if it is positive, else 0.01 x (Maas, Hannun and Ng 2013), with slope 0.01 at 0.
///
/// ```
/// use monograd::{Activation, LeakyRelu};
///
/// assert_eq!((LeakyRelu::forward(2.0), LeakyRelu::forward(-2.0)), (2.0, -0.02));
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct LeakyRelu;

const NEGATIVE_SLOPE: f64 = 0.01;

impl Activation for LeakyRelu {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        if x > N::constant(0.0) { x } else { x * N::constant(NEGATIVE_SLOPE) }
    }
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        N::constant(if y > N::constant(0.0) { 1.0 } else { NEGATIVE_SLOPE })
    }
}

/// x itself: no activation.
///
/// ```
/// use monograd::{Activation, Identity};
///
/// assert_eq!(Identity::forward(-2.0), -2.0);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Identity;

impl Activation for Identity {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x
    }
    #[inline(always)]
    fn derivative_from_output<N: Number>(_: N) -> N {
        N::constant(1.0)
    }
}
