//! The logistic function, and its product with the argument.

use super::exp::{BIAS, Power, exp_m1_reduced, power_of_two, reduce};
use super::{Function, at_least, at_most, fused};
use crate::number::Number;
use crate::simd::Isa;

/// Returns 1 / (1 + e^-x) as numerator and denominator: 1 and 1 + e^-x, both divided by the root of the
/// power of two in e^-x if x is negative, so that neither overflows, and a result that is subnormal is
/// rounded only once. The powers of two are multiplied without rounding: the denominator is rounded
/// twice in all.
#[inline(always)]
fn logistic<I: Isa>(x: f32) -> (f32, f32) {
    let (twice, r) = reduce::<I>(at_most(-Power::LOWEST, at_least(-80.0, -x)), 2 * BIAS);
    let half = if x < 0.0 { twice >> 1 } else { BIAS };
    let one = power_of_two((2 * BIAS).wrapping_sub(half));
    let power = power_of_two(twice.wrapping_sub(half));
    (one, fused::<I>(power, exp_m1_reduced::<I>(r), one) + power)
}

/// 1 / (1 + e^-x).
///
/// ```
/// use monograd::math::{Function, Sigmoid};
///
/// let (x, y) = (0.0_f64, Sigmoid.f64(0.0));
/// assert!((y - 0.5).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Sigmoid.f64(x + h) - Sigmoid.f64(x - h)) / (2.0 * h);
/// assert!((Sigmoid.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

impl Function for Sigmoid {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let (one, sum) = logistic::<I>(x);
        one / sum
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        let e = libm::exp(-x.abs());
        (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        y * (N::constant(1.0) - y)
    }
}

/// x / (1 + e^-x), zero at minus infinity.
///
/// ```
/// use monograd::math::{Function, Silu};
///
/// let (x, y) = (0.0_f64, Silu.f64(0.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Silu.f64(x + h) - Silu.f64(x - h)) / (2.0 * h);
/// assert!((Silu.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Silu;

impl Function for Silu {
    /// Like [`Sigmoid`], but x is multiplied in before the division makes it subnormal.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let (one, sum) = logistic::<I>(x);
        at_least(Power::LOWEST, x) * one / sum
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        at_least(-800.0, x) * Sigmoid.f64(x)
    }
    /// s (1 + x (1 - s)) with s = sigmoid(x).
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        let one = N::constant(1.0);
        let s = x.sigmoid();
        // outside of this range s or 1 - s is zero, and zero times infinity would be NaN
        let x = at_most(N::constant(800.0), at_least(N::constant(-800.0), x));
        s * x.mul_add(one - s, one)
    }
}
