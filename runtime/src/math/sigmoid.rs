//! The logistic function, and its product with the argument.

use super::exp::{BIAS, exp_m1_reduced, power_of_two, reduce};
use super::{Function, at_least, at_most, fused};
use crate::number::Number;
use crate::simd::Isa;

/// The x below which the `f32` sigmoid, less than the smallest normal number there, is zero. To compute
/// subnormal results as well takes a quarter more time.
const LOWEST: f32 = -87.33;

/// Returns 1 + e^-x for x >= [`LOWEST`], any number below. The 1 is added before the last rounding of
/// the power.
#[inline(always)]
fn denominator<I: Isa>(x: f32) -> f32 {
    let (k, r) = reduce::<I>(at_least(LOWEST, -x), BIAS);
    let power = power_of_two(k);
    fused::<I>(power, exp_m1_reduced::<I>(r), 1.0) + power
}

/// 1 / (1 + e^-x). In `f32`, results below 1.2e-38 are zero.
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
        let y = 1.0 / denominator::<I>(x);
        if x < LOWEST { 0.0 } else { y }
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

/// x / (1 + e^-x), zero at minus infinity. In `f32`, it is zero for all x below -87.33, where it is less
/// than 1.1e-36.
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
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let y = x / denominator::<I>(x);
        if x < LOWEST { 0.0 } else { y }
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
