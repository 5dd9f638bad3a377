//! x to a constant power.

use super::{Function, at_least, at_most};
use crate::number::Number;
use crate::simd::Isa;
use std::f64::consts::SQRT_2;

/// x^p.
///
/// ```
/// use monograd::math::{Function, Pow};
///
/// assert!((Pow(3.0).f64(2.0) - 8.0).abs() < 1e-12);
/// assert!((Pow(3.0).derivative(2.0_f64, 8.0) - 12.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pow(pub f64);

/// A number whose addition to a small number rounds that to an integer, found in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52
/// 2^52: for an integer k, the bits of 2^52 + k are those of 2^52 plus k.
const INTEGER: f64 = 4_503_599_627_370_496.0;
const BIAS: u64 = 1023;

/// Returns log2 of a positive `f32`, as an `f64`: with x = 2^k m and s = (m - 1) / (m + 1) it is
/// k + s p(s^2), with a relative error of the polynomial of 2^-37.8.
#[inline(always)]
fn log2(x: f64) -> f64 {
    // all exponents of an `f32` are normal in `f64`, and none is negative after adding the bias
    let biased = (x.to_bits() + (BIAS << 52) - (0.5 * SQRT_2).to_bits()) >> 52;
    let m = f64::from_bits(x.to_bits() + (BIAS << 52) - (biased << 52));
    let k = f64::from_bits(INTEGER.to_bits() + biased) - (INTEGER + BIAS as f64);
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let p = 0.411_672_617_189_691_3 + z * 0.340_732_082_347_773_7;
    let p = 0.961_796_673_333_810_1 + z * (0.577_083_586_578_406_3 + z * p);
    k + s * (2.885_390_081_790_092 + z * p)
}

/// Returns 2^y for |y| < 1000: 2^k times a polynomial with a relative error of 2^-29.
#[inline(always)]
fn exp2(y: f64) -> f64 {
    let shifted = y + ROUND;
    let r = y - (shifted - ROUND);
    let p = 0.009_618_489_227_115_034
        + r * (0.001_339_995_754_761_873_5 + r * 1.534_579_371_428_231e-4);
    let p = 0.240_226_468_862_226_62 + r * (0.055_503_287_120_448_25 + r * p);
    let p = 1.000_000_000_555_031_1 + r * (0.693_147_205_767_029_3 + r * p);
    p * f64::from_bits(shifted.to_bits().wrapping_add(BIAS) << 52)
}

/// Returns true if p is an integer. It contains no call, so that loops over [`Pow`] contain none.
#[inline(always)]
fn is_integer(p: f64) -> bool {
    p.abs() >= INTEGER || (p + ROUND) - ROUND == p
}

impl Function for Pow {
    /// 2^(p log2 |x|) in `f64`, whose range and precision make corrections unnecessary.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let Self(p) = self;
        if p == 0.0 {
            return 1.0; // also of NaN, as everywhere
        }
        if p == 1.0 {
            return x;
        }
        if p == 2.0 {
            return x * x;
        }
        let a = x.abs();
        let magnitude = exp2(at_most(400.0, at_least(-400.0, p * log2(f64::from(a))))) as f32;
        let (at_zero, at_infinity) =
            if p > 0.0 { (0.0, f32::INFINITY) } else { (f32::INFINITY, 0.0) };
        let magnitude = if a == 0.0 { at_zero } else { magnitude };
        let magnitude = if a < f32::INFINITY { magnitude } else { at_infinity };
        // a negative x has a power only if p is an integer
        let integer = is_integer(p);
        let odd = integer && !is_integer(0.5 * p);
        let signed = if odd { magnitude.copysign(x) } else { magnitude };
        let y = if x < 0.0 && x > f32::NEG_INFINITY && !integer { f32::NAN } else { signed };
        if x.is_nan() { x } else { y }
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::pow(x, self.0)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        let Self(p) = self;
        if p == 0.0 { N::constant(0.0) } else { N::constant(p) * x.pow(p - 1.0) }
    }
}
