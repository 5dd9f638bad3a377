//! The error function.

use super::normal::{exp_minus_half_square, mills};
use super::{Function, at_most, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;
use std::f32::consts::SQRT_2;

/// 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.
///
/// ```
/// use monograd::math::{Function, Erf};
///
/// let (x, y) = (0.5_f64, Erf.f64(0.5));
/// assert!((y - 0.5204998778130465).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Erf.f64(x + h) - Erf.f64(x - h)) / (2.0 * h);
/// assert!((Erf.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Erf;

impl Function for Erf {
    /// 1 minus twice the tail of the normal distribution beyond sqrt(2) x; for |x| < 0.8,
    /// x + x p(x^2), with a relative error of the polynomial of 2^-28.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = x.abs();
        let b = at_most(17.0, a * SQRT_2);
        let large =
            fused::<I>(-2.0 * exp_minus_half_square::<I>(b).value::<I>(), mills::<I>(b), 1.0);
        let p = [
            0.128_379_17,
            -0.376_126_08,
            0.112_831_62,
            -0.026_822_243,
            0.005_086_926,
            -0.000_654_337_64,
        ];
        let small = fused::<I>(polynomial::<I, 6>(a * a, p), a, a);
        (if a < 0.8 { small } else { large }).copysign(x)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::erf(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        (-x * x).exp() * N::constant(std::f64::consts::FRAC_2_SQRT_PI)
    }
}
