//! The hyperbolic tangent.

use super::exp::exp_normal;
use super::{Function, at_least, fused, polynomial};
use crate::number::Number;
use crate::simd::Isa;

/// The hyperbolic tangent.
#[derive(Clone, Copy, Debug)]
pub struct Tanh;

impl Function for Tanh {
    /// (1 - e^-2x) / (1 + e^-2x); for |x| < 0.6, x + x^3 p(x^2) with a relative error of the
    /// polynomial of 2^-28.4.
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        let a = x.abs();
        let e = exp_normal::<I>(at_least(-80.0, -2.0 * a));
        let large = (1.0 - e) / (1.0 + e);
        let z = a * a;
        let p = [-0.333_333, 0.133_319_36, -0.053_784_717, 0.020_798_625, -0.005_897_966_7];
        let small = fused::<I>(polynomial::<I, 5>(z, p), z * a, a);
        (if a < 0.6 { small } else { large }).copysign(x)
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
