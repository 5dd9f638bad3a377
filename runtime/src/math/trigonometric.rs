//! Sine and cosine.

use super::{Function, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;
use std::f64::consts::FRAC_2_PI;

/// A number whose addition to a small number rounds that to an integer, found in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52
/// pi / 2 in three parts of 18, 18 and 53 bits; k times each of the first two is exact for
/// |k| < 2^35 (Cody and Waite 1980).
const FRAC_PI_2: [f64; 3] = [1.5707931518554688, 3.1749368645250797e-06, 2.563344151594519e-12];
/// The argument from which adjacent `f32` numbers are hundreds of periods apart.
const FARTHEST: f32 = 34_359_738_368.0; // 2^35

/// Decomposes x = k pi / 2 + r with |r| <= pi / 4; returns k modulo 4. In `f64`, where three parts of
/// pi / 2 are faster than the many that `f32` would need.
#[inline(always)]
fn reduce(x: f32) -> (u32, f32) {
    let wide = f64::from(x);
    let shifted = wide * FRAC_2_PI + ROUND;
    let k = shifted - ROUND;
    let r = wide - k * FRAC_PI_2[0] - k * FRAC_PI_2[1] - k * FRAC_PI_2[2];
    (shifted.to_bits() as u32, if x.abs() < FARTHEST { r as f32 } else { f32::NAN })
}

/// Returns the sine of k pi / 2 + r: r + r^3 p(r^2) for even k and 1 - r^2 / 2 + r^4 q(r^2) for odd k,
/// with relative errors of the polynomials of 2^-27.9 and 2^-33, negated if k modulo 4 is 2 or 3.
#[inline(always)]
fn sin_reduced<I: Isa>(k: u32, r: f32) -> f32 {
    let z = r * r;
    let p = [-0.166_666_55, 0.008_332_187, -0.000_195_178_97];
    let sine = fused::<I>(polynomial::<I, 3>(z, p), z * r, r);
    let q = [0.041_666_646, -0.001_388_731, 2.443_232_7e-5];
    let cosine = fused::<I>(polynomial::<I, 3>(z, q), z * z, fused::<I>(-0.5, z, 1.0));
    let y = if k & 1 == 0 { sine } else { cosine };
    f32::from_bits(y.to_bits() ^ ((k & 2) << 30))
}

/// The sine of an angle in radians.
///
/// ```
/// use monograd::math::{Function, Sin};
///
/// let (x, y) = (0.0_f64, Sin.f64(0.0));
/// assert!((y - 0.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Sin.f64(x + h) - Sin.f64(x - h)) / (2.0 * h);
/// assert!((Sin.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sin;

impl Function for Sin {
    /// NaN for |x| >= 2^35, where adjacent `f32` numbers are hundreds of periods apart: the general
    /// reduction of Payne and Hanek would make all calls take four times as long.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let (k, r) = reduce(x);
        sin_reduced::<I>(k, r)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::sin(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        x.cos()
    }
}

/// The cosine of an angle in radians.
///
/// ```
/// use monograd::math::{Function, Cos};
///
/// let (x, y) = (0.0_f64, Cos.f64(0.0));
/// assert!((y - 1.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Cos.f64(x + h) - Cos.f64(x - h)) / (2.0 * h);
/// assert!((Cos.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cos;

impl Function for Cos {
    /// NaN for |x| >= 2^35, as for [`Sin`].
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let (k, r) = reduce(x);
        sin_reduced::<I>(k.wrapping_add(1), r)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::cos(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        -x.sin()
    }
}
