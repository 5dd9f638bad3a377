//! The natural logarithm of x and of 1 + x.

use super::{Function, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;

/// ln 2 as a sum of two parts; k times the first is exact for |k| < 2^15 (Cody and Waite 1980).
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
const SQRT_HALF: u32 = 0x3f35_04f3;

/// Returns the k for which x / 2^k is between sqrt(1/2) and sqrt(2), for a positive, normal x.
#[inline(always)]
fn exponent(x: f32) -> i32 {
    (x.to_bits() as i32).wrapping_sub(SQRT_HALF as i32) >> 23
}

/// Returns x / 2^k, if neither is subnormal.
#[inline(always)]
fn divide_by_power_of_two(x: f32, k: i32) -> f32 {
    f32::from_bits(x.to_bits().wrapping_sub((k as u32) << 23))
}

/// Returns k ln 2 + ln(1 + f) for sqrt(1/2) <= 1 + f <= sqrt(2): f - f^2 / 2 + f^3 p(f), with a relative
/// error of the polynomial of 2^-27.2.
#[inline(always)]
fn ln_reduced<I: Isa>(k: f32, f: f32) -> f32 {
    let p = [
        0.333_333_3,
        -0.250_008_26,
        0.200_012_65,
        -0.166_231_87,
        0.142_006_22,
        -0.131_611_39,
        0.127_719_69,
        -0.076_457_046,
    ];
    let square = f * f;
    let cubic = fused::<I>(polynomial::<I, 8>(f, p), square * f, k * LN_2_LOW);
    fused::<I>(k, LN_2_HIGH, fused::<I>(-0.5, square, cubic) + f)
}

/// Returns y, or the limit of the logarithm if its argument is zero, infinite or negative.
#[inline(always)]
fn limits(argument: f32, y: f32) -> f32 {
    let y = if argument < f32::INFINITY { y } else { argument }; // or NaN
    let y = if argument == 0.0 { f32::NEG_INFINITY } else { y };
    if argument < 0.0 { f32::NAN } else { y }
}

/// The natural logarithm.
///
/// ```
/// use monograd::math::{Function, Ln};
///
/// let (x, y) = (1.0_f64, Ln.f64(1.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Ln.f64(x + h) - Ln.f64(x - h)) / (2.0 * h);
/// assert!((Ln.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ln;

impl Function for Ln {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let subnormal = x < f32::MIN_POSITIVE;
        let normal = if subnormal { x * 8_388_608.0 } else { x };
        let k = exponent(normal);
        let f = divide_by_power_of_two(normal, k) - 1.0;
        let k = if subnormal { k.wrapping_sub(23) } else { k };
        limits(x, ln_reduced::<I>(k as f32, f))
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::log(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        N::constant(1.0) / x
    }
}

/// ln(1 + x), accurate near zero.
///
/// ```
/// use monograd::math::{Function, Ln1p};
///
/// let (x, y) = (0.0_f64, Ln1p.f64(0.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Ln1p.f64(x + h) - Ln1p.f64(x - h)) / (2.0 * h);
/// assert!((Ln1p.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ln1p;

impl Function for Ln1p {
    /// With 1 + x = 2^k (1 + f), f is x / 2^k + (1 / 2^k - 1): the rounding error of 1 + x affects only
    /// the choice of k.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let u = 1.0 + x;
        let k = exponent(u);
        // 1 / 2^64 - 1 already rounds to -1, and 1 / 2^128 is not a normal number
        let scale = divide_by_power_of_two(1.0, k.min(64));
        let f = divide_by_power_of_two(x, k) + (scale - 1.0);
        let y = limits(u, ln_reduced::<I>(k as f32, f));
        if x == 0.0 { x } else { y } // for -0
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::log1p(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        N::constant(1.0) / (N::constant(1.0) + x)
    }
}
