//! The logistic function, and its product with the argument.

use super::exp::Power;
use super::{Function, at_least, at_most};
use crate::number::Number;
use crate::simd::Isa;

/// Returns e^-|x|, which is at most 1.
#[inline(always)]
fn exp_minus_abs<I: Isa>(x: f32) -> Power {
    Power::of::<I>(at_least(Power::LOWEST, -x.abs()), 0.0)
}

/// 1 / (1 + e^-x).
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

impl Function for Sigmoid {
    /// Computed as e^x / (1 + e^x) if x is negative, so that nothing overflows.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        exp_minus_abs::<I>(x).share::<I>(1.0, x < 0.0)
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
#[derive(Clone, Copy, Debug)]
pub struct Silu;

impl Function for Silu {
    /// Like [`Sigmoid`], but x is multiplied in before the power of two makes it subnormal.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        exp_minus_abs::<I>(x).share::<I>(at_least(Power::LOWEST, x), x < 0.0)
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
