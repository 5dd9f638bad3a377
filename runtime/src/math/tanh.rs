//! The hyperbolic tangent.

use super::exp::{BIAS, exp_m1_reduced, power_of_two, reduce_small};
use super::{Function, at_most, fused, horner};
use crate::number::Number;
use crate::simd::Isa;

/// The hyperbolic tangent.
///
/// ```
/// use monograd::math::{Function, Tanh};
///
/// let (x, y) = (0.0_f64, Tanh.f64(0.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Tanh.f64(x + h) - Tanh.f64(x - h)) / (2.0 * h);
/// assert!((Tanh.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tanh;

impl Function for Tanh {
    /// (e^2x - 1) / (e^2x - 1 + 2); for |x| < 0.265, x + x^3 p(x^2) with a relative error of the
    /// polynomial of 2^-27.6. (Without the polynomial it would take three quarters of the time, but be off
    /// by up to 2.5 units in the last place where numerator and denominator are both just above a power
    /// of two. For larger x the quotient is right to 1.5 units.)
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = x.abs();
        let (k, r) = reduce_small::<I>(at_most(20.0, a + a), BIAS);
        let power = power_of_two(k);
        let excess = fused::<I>(exp_m1_reduced::<I>(r), power, power - 1.0);
        let large = excess / (excess + 2.0);
        let z = a * a;
        let p = [-0.333_331_97, 0.133_216_22, -0.051_091_09];
        let small = fused::<I>(horner::<I, 3>(z, p), z * a, a);
        (if a < 0.265 { small } else { large }).copysign(x)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::tanh(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        N::constant(1.0) - y * y
    }
}
