//! e^x, e^x - 1 and 2^x.

use super::{Function, at_least, at_most, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;
use std::f32::consts::{LN_2, LOG2_E};

/// A number whose addition to a small number rounds that to an integer, found in the lowest bits.
const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
/// The exponent of 1.
pub(super) const BIAS: u32 = 127;

/// ln 2 as a sum of two parts; k times the first is exact for |k| < 2^15 (Cody and Waite 1980).
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Decomposes x = k ln 2 + r with |r| <= ln(2) / 2, for |x| < 10^6. Instead of k it returns k + bias, of
/// which only the lower bits are right.
#[inline(always)]
pub(super) fn reduce<I: Isa>(x: f32, bias: u32) -> (u32, f32) {
    let (k, bits) = multiple::<I>(x, bias);
    // the first product is exact
    (bits, fused::<I>(k, -LN_2_LOW, fused::<I>(k, -LN_2_HIGH, x)))
}

/// Returns k, x / ln 2 rounded, and the bits of which the lower ones are those of k + bias.
#[inline(always)]
fn multiple<I: Isa>(x: f32, bias: u32) -> (f32, u32) {
    let round = ROUND + bias as f32;
    let shifted = fused::<I>(x, LOG2_E, round);
    (shifted - round, shifted.to_bits())
}

/// Like [`reduce`], with ln 2 as one number: r is off by up to 2e-9 k, which does not matter where an error
/// of e^x relative to a larger number counts. Without an instruction for it, r is that of [`reduce`].
#[inline(always)]
pub(super) fn reduce_small<I: Isa>(x: f32, bias: u32) -> (u32, f32) {
    if !I::FMA {
        return reduce::<I>(x, bias);
    }
    let (k, bits) = multiple::<I>(x, bias);
    (bits, fused::<I>(k, -LN_2, x))
}

/// Returns the power of two with this biased exponent, of which only the lowest 8 bits are used.
#[inline(always)]
pub(super) fn power_of_two(biased: u32) -> f32 {
    f32::from_bits(biased << 23)
}

/// Returns e^r - 1 for |r| <= 0.35: r + r^2 p(r), with a relative error of the polynomial of 2^-26.1.
#[inline(always)]
pub(super) fn exp_m1_reduced<I: Isa>(r: f32) -> f32 {
    let p = [0.499_999_98, 0.166_665_43, 0.041_667_2, 0.008_366_547, 0.001_388_251_5];
    fused::<I>(polynomial::<I, 5>(r, p), r * r, r)
}

/// e^x as (1 + `excess`) * `scale.0` * `scale.1`. The powers of two are separate, because a multiple of
/// e^x may be a normal number even if e^x is subnormal or zero. The 1 is separate, because a multiple
/// of it needs no rounding.
#[derive(Clone, Copy)]
pub(super) struct Power {
    excess: f32,
    scale: (f32, f32),
}

impl Power {
    /// The x below which e^x times any number up to 10^20 is zero.
    pub const LOWEST: f32 = -150.0;

    /// Returns e^x for `LOWEST` <= x <= 89.
    #[inline(always)]
    pub fn of<I: Isa>(x: f32) -> Self {
        let (twice, r) = reduce::<I>(x, 2 * BIAS);
        Self::new::<I>(twice, r)
    }

    /// Returns e^(x + tail) for `LOWEST` <= x <= 89. The tail is the rounding error of x.
    #[inline(always)]
    pub fn with_tail<I: Isa>(x: f32, tail: f32) -> Self {
        let (twice, r) = reduce::<I>(x, 2 * BIAS);
        Self::new::<I>(twice, r + tail)
    }

    /// Returns 2^x for `LOWEST` <= x <= 129. The remainder of x after rounding is exact here.
    #[inline(always)]
    fn of_two<I: Isa>(x: f32) -> Self {
        let round = ROUND + (2 * BIAS) as f32;
        let shifted = x + round;
        let r = x - (shifted - round);
        Self::new::<I>(shifted.to_bits(), r * LN_2)
    }

    /// Returns 2^k e^r, where the lower bits of `twice` are those of k + 2 [`BIAS`].
    #[inline(always)]
    fn new<I: Isa>(twice: u32, r: f32) -> Self {
        let half = twice >> 1;
        Self {
            excess: exp_m1_reduced::<I>(r),
            scale: (power_of_two(half), power_of_two(twice.wrapping_sub(half))),
        }
    }

    /// Returns e^x, which may be subnormal.
    #[inline(always)]
    pub fn value<I: Isa>(self) -> f32 {
        let (first, second) = self.scale;
        fused::<I>(first, self.excess, first) * second
    }

    /// Returns a e^x, precise even if e^x alone is subnormal.
    #[inline(always)]
    pub fn times<I: Isa>(self, a: f32) -> f32 {
        fused::<I>(a, self.excess, a) * self.scale.0 * self.scale.1
    }
}

/// Returns e^x for -86 <= x <= 88, for which nothing is subnormal.
#[inline(always)]
pub(super) fn exp_normal<I: Isa>(x: f32) -> f32 {
    let (k, r) = reduce::<I>(x, BIAS);
    let scale = power_of_two(k);
    fused::<I>(scale, exp_m1_reduced::<I>(r), scale)
}

/// e^x.
///
/// ```
/// use monograd::math::{Function, Exp};
///
/// let (x, y) = (1.0_f64, Exp.f64(1.0));
/// assert!((y - std::f64::consts::E).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Exp.f64(x + h) - Exp.f64(x - h)) / (2.0 * h);
/// assert!((Exp.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Exp;

impl Function for Exp {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        Power::of::<I>(at_most(89.0, at_least(Power::LOWEST, x))).value::<I>()
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::exp(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        y
    }
}

/// e^x for x <= 88, or zero where that is below 4.5e-38: a third less work than [`Exp`], for sums of powers
/// of which one is 1.
///
/// ```
/// use monograd::math::{Function, ExpOrZero};
///
/// let (x, y) = (1.0_f64, ExpOrZero.f64(1.0));
/// assert!((y - std::f64::consts::E).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (ExpOrZero.f64(x + h) - ExpOrZero.f64(x - h)) / (2.0 * h);
/// assert!((ExpOrZero.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExpOrZero;

impl ExpOrZero {
    /// The x below which the `f32` version gives zero.
    pub const LOWEST: f32 = -86.0;
}

impl Function for ExpOrZero {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let y = exp_normal::<I>(x);
        if x < Self::LOWEST { 0.0 } else { y }
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::exp(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        y
    }
}

/// e^x - 1, accurate near zero.
///
/// ```
/// use monograd::math::{Function, ExpM1};
///
/// let (x, y) = (1.0_f64, ExpM1.f64(1.0));
/// assert!((y - (std::f64::consts::E - 1.0)).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (ExpM1.f64(x + h) - ExpM1.f64(x - h)) / (2.0 * h);
/// assert!((ExpM1.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExpM1;

impl Function for ExpM1 {
    /// (e^r - 1) 2^k + (2^k - 1).
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        // half of it, since 2^128 overflows; the doubling is exact
        let (k, r) = reduce::<I>(at_most(89.0, at_least(-80.0, x)), BIAS - 1);
        let half = power_of_two(k);
        let m = exp_m1_reduced::<I>(r);
        let y = 2.0 * fused::<I>(m, half, half - 0.5);
        y.copysign(x) // for -0
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::expm1(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        y + N::constant(1.0)
    }
}

/// 2^x.
///
/// ```
/// use monograd::math::{Function, Exp2};
///
/// let (x, y) = (3.0_f64, Exp2.f64(3.0));
/// assert!((y - 8.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Exp2.f64(x + h) - Exp2.f64(x - h)) / (2.0 * h);
/// assert!((Exp2.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Exp2;

impl Function for Exp2 {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        Power::of_two::<I>(at_most(129.0, at_least(Power::LOWEST, x))).value::<I>()
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::exp2(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        y * N::constant(std::f64::consts::LN_2)
    }
}
