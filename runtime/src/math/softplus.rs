//! ln(1 + e^x), the smooth ReLU.

use super::exp::Power;
use super::{Function, at_least, fused, horner};
use crate::number::Number;
use crate::simd::Isa;

/// ln(1 + e^x).
///
/// ```
/// use monograd::math::{Function, Softplus};
///
/// let (x, y) = (0.0_f64, Softplus.f64(0.0));
/// assert!((y - std::f64::consts::LN_2).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Softplus.f64(x + h) - Softplus.f64(x - h)) / (2.0 * h);
/// assert!((Softplus.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Softplus;

impl Function for Softplus {
    /// max(x, 0) + ln(1 + e) with e = e^-|x|, where ln(1 + e) = e + e^2 p(e), with a relative error of
    /// the polynomial of 2^-27.5.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let e = Power::of::<I>(at_least(Power::LOWEST, -x.abs())).value::<I>();
        let p = [
            -0.499_999_3,
            0.333_304_64,
            -0.249_580_19,
            0.196_921_02,
            -0.153_448_8,
            0.106_611_28,
            -0.057_457_23,
            0.020_086_242,
            -0.003_290_468_6,
        ];
        at_least(0.0, x) + fused::<I>(horner::<I, 9>(e, p), e * e, e)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        at_least(0.0, x) + libm::log1p(libm::exp(-x.abs()))
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        x.sigmoid()
    }
}
