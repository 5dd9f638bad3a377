//! The exponential linear units.

use super::Activation;
use crate::number::Number;

/// x if it is positive, else e^x - 1 (Clevert, Unterthiner and Hochreiter 2016, with
/// alpha 1).
///
/// ```
/// use monograd::{Activation, Elu};
///
/// assert_eq!(Elu::forward(2.0), 2.0);
/// assert!(Elu::forward(-20.0_f64) > -1.0);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Elu;

impl Activation for Elu {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        if x > N::constant(0.0) { x } else { x.exp_m1() }
    }
    /// 1, or e^x = y + 1.
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        let one = N::constant(1.0);
        if y > N::constant(0.0) { one } else { y + one }
    }
}

/// lambda x if x is positive, else lambda alpha (e^x - 1), with slope lambda alpha at 0
/// (Klambauer, Unterthiner, Mayr and Hochreiter 2017, whose two constants keep the mean of the
/// activations at 0 and their variance at 1).
///
/// ```
/// use monograd::{Activation, Selu};
///
/// assert!(Selu::forward(1.0_f64) > 1.05 && Selu::forward(-20.0_f64) > -1.76);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Selu;

const LAMBDA: f64 = 1.050_700_987_355_480_5;
const LAMBDA_ALPHA: f64 = LAMBDA * 1.673_263_242_354_377_2;

impl Activation for Selu {
    const FROM_OUTPUT: bool = true;
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        let positive = x * N::constant(LAMBDA);
        if x > N::constant(0.0) { positive } else { x.exp_m1() * N::constant(LAMBDA_ALPHA) }
    }
    /// lambda, or lambda alpha e^x = y + lambda alpha.
    #[inline(always)]
    fn derivative_from_output<N: Number>(y: N) -> N {
        let negative = y + N::constant(LAMBDA_ALPHA);
        if y > N::constant(0.0) { N::constant(LAMBDA) } else { negative }
    }
}
