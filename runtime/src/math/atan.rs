//! The arctangent.

use super::{Function, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4};

/// The arguments above which the angle is reduced by pi / 2 and by pi / 4: tan(3 pi / 8) and
/// tan(pi / 8).
const REDUCTION_BOUNDS: [f32; 2] = [2.414_213_7, 0.414_213_57];

/// The arctangent, in radians.
///
/// ```
/// use monograd::math::{Function, Atan};
///
/// let (x, y) = (1.0_f64, Atan.f64(1.0));
/// assert!((y - std::f64::consts::FRAC_PI_4).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Atan.f64(x + h) - Atan.f64(x - h)) / (2.0 * h);
/// assert!((Atan.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Atan;

impl Function for Atan {
    /// atan(a) = pi / 2 - atan(1 / a) = pi / 4 + atan((a - 1) / (a + 1)). For |t| <= tan(pi / 8),
    /// t + t^3 p(t^2) with the polynomial of Cephes (Moshier 1989).
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = x.abs();
        let (far, middle) = (a > REDUCTION_BOUNDS[0], a > REDUCTION_BOUNDS[1]);
        let (n, d, turned) = if middle { (a - 1.0, a + 1.0, FRAC_PI_4) } else { (a, 1.0, 0.0) };
        let (n, d, turned) = if far { (-1.0, a, FRAC_PI_2) } else { (n, d, turned) };
        let t = n / d;
        let z = t * t;
        let p = [-0.333_329_5, 0.199_777_11, -0.138_776_86, 0.080_537_446];
        (turned + fused::<I>(polynomial::<I, 4>(z, p), z * t, t)).copysign(x)
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        libm::atan(x)
    }
    #[inline(always)]
    fn derivative<N: Number>(self, x: N, _: N) -> N {
        N::constant(1.0) / (N::constant(1.0) + x * x)
    }
}
