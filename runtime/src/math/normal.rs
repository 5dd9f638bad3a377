//! The standard normal distribution: its density, its cumulative distribution function, and the
//! product of the latter with the argument (GELU).

use super::exp::Power;
use super::{Function, at_least, at_most, fused, horner, polynomial};
use crate::number::Number;
use crate::simd::Isa;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// 1 / sqrt(2 pi), the density at 0.
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
/// The x beyond which the tail is zero, in `f64` too.
const FARTHEST: f64 = 40.0;

/// Returns x^2 and its rounding error (Dekker 1971).
#[inline(always)]
fn square<I: Isa>(x: f32) -> (f32, f32) {
    let s = x * x;
    if I::FMA {
        (s, x.mul_add(x, -s))
    } else {
        let high = f32::from_bits(x.to_bits() & 0xffff_f000);
        let low = x - high;
        (s, (high * high - s) + 2.0 * high * low + low * low)
    }
}

/// Returns e^(-x^2 / 2). The square is kept to twice the precision: its rounding error alone would be
/// up to 100 units in the last place of the result.
#[inline(always)]
pub(super) fn exp_minus_half_square<I: Isa>(x: f32) -> Power {
    let (s, tail) = square::<I>(at_most(17.0, x.abs()));
    Power::with_tail::<I>(-0.5 * s, -0.5 * tail)
}

/// Returns the tail of the distribution beyond a, divided by e^(-a^2 / 2) (Mills' ratio divided by
/// sqrt(2 pi)), for 1 <= a <= 14.4: p((a - c) / (a + c)) / (a + c), a form whose terms decrease quickly
/// at both ends (Shepherd and Laframboise 1981); relative error of the polynomial 2^-25.9.
#[inline(always)]
pub(super) fn mills<I: Isa>(a: f32) -> f32 {
    const C: f32 = 2.75; // few bits, so that sum - C is exact
    let p = [
        0.718_986_03,
        -0.474_354_1,
        0.182_334_2,
        -0.016_566_873,
        -0.016_442_433,
        0.003_218_567,
        0.002_486_297_9,
        -0.000_327_779_62,
        -0.000_409_525_4,
    ];
    let sum = a + C;
    let lost = a - (sum - C);
    let t = 1.0 / sum;
    let t = fused::<I>(-t * lost, t, t);
    horner::<I, 9>((a - C) * t, p) * t
}

/// The argument at which the two forms of the tail meet.
const NEAR: f32 = 1.0;

/// Returns the tail beyond a, for 0 <= a <= [`NEAR`]: 1/2 - a q(a^2), relative error 2^-28.4.
#[inline(always)]
fn near_tail<I: Isa>(a: f32) -> f32 {
    let q = [
        0.398_942_3,
        -0.066_490_54,
        0.009_974_163,
        -0.001_188_019_3,
        0.000_115_017_05,
        -8.168_446e-6,
    ];
    fused::<I>(-a, polynomial::<I, 6>(a * a, q), 0.5)
}

/// The density e^(-x^2 / 2) / sqrt(2 pi).
///
/// ```
/// use monograd::math::{Function, NormalDensity};
///
/// let (x, y) = (0.0_f64, NormalDensity.f64(0.0));
/// assert!((y - 0.3989422804014327).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (NormalDensity.f64(x + h) - NormalDensity.f64(x - h)) / (2.0 * h);
/// assert!((NormalDensity.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NormalDensity;

impl Function for NormalDensity {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        exp_minus_half_square::<I>(x).times::<I>(FRAC_1_SQRT_TAU as f32)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        FRAC_1_SQRT_TAU * libm::exp(-0.5 * x * x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, y: N) -> N {
        -within_reach(x) * y
    }
}

/// The cumulative distribution function (1 + erf(x / sqrt 2)) / 2, with full relative accuracy even in
/// the negative tail.
///
/// ```
/// use monograd::math::{Function, NormalCdf};
///
/// let (x, y) = (0.0_f64, NormalCdf.f64(0.0));
/// assert!((y - 0.5).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (NormalCdf.f64(x + h) - NormalCdf.f64(x - h)) / (2.0 * h);
/// assert!((NormalCdf.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NormalCdf;

impl Function for NormalCdf {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = at_most(FARTHEST as f32, x.abs());
        let far = exp_minus_half_square::<I>(x).times::<I>(mills::<I>(a));
        let tail = if a < NEAR { near_tail::<I>(a) } else { far };
        if x < 0.0 { tail } else { 1.0 - tail }
    }
    /// erfc(-x / sqrt 2) / 2, corrected for the rounding error of its argument, which would cause an
    /// error of a thousand units in the last place in the far tail.
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        // 1 / sqrt 2 minus FRAC_1_SQRT_2
        const REST: f64 = -4.833_646_656_726_457e-17;
        let x = at_most(FARTHEST, at_least(-FARTHEST, x));
        let z = -x * FRAC_1_SQRT_2;
        let rounded_off = libm::fma(-x, FRAC_1_SQRT_2, -z) - x * REST;
        0.5 * (libm::erfc(z) - FRAC_2_SQRT_PI * libm::exp(-z * z) * rounded_off)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        x.normal_density()
    }
}

/// x times its [`NormalCdf`], zero at minus infinity.
///
/// ```
/// use monograd::math::{Function, Gelu};
///
/// let (x, y) = (0.0_f64, Gelu.f64(0.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Gelu.f64(x + h) - Gelu.f64(x - h)) / (2.0 * h);
/// assert!((Gelu.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gelu;

impl Function for Gelu {
    /// max(x, 0) - |x| tail(|x|). The product is formed before the power of two makes it subnormal.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = at_most(FARTHEST as f32, x.abs());
        let far = exp_minus_half_square::<I>(x).times::<I>(a * mills::<I>(a));
        at_least(0.0, x) - if a < NEAR { a * near_tail::<I>(a) } else { far }
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        at_least(-FARTHEST, x) * NormalCdf.f64(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        within_reach(x).mul_add(x.normal_density(), x.normal_cdf())
    }
}

/// Returns x clamped to the range in which the density is not zero, which avoids infinity times zero.
#[inline(always)]
fn within_reach<N: Number>(x: N) -> N {
    at_most(N::constant(FARTHEST), at_least(N::constant(-FARTHEST), x))
}
