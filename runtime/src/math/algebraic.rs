//! The square root.

use super::Function;
use crate::number::Number;
use crate::simd::Isa;

/// The square root, correctly rounded.
///
/// ```
/// use monograd::math::{Function, Sqrt};
///
/// let (x, y) = (4.0_f64, Sqrt.f64(4.0));
/// assert!((y - 2.0).abs() < 1e-12);
/// let h = 1e-6; // the derivative is that of finite differences
/// let slope = (Sqrt.f64(x + h) - Sqrt.f64(x - h)) / (2.0 * h);
/// assert!((Sqrt.derivative(x, y) - slope).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sqrt;

impl Function for Sqrt {
    #[inline(always)]
    fn f32<I: Isa>(self, x: f32) -> f32 {
        x.sqrt()
    }
    #[inline(always)]
    fn f64(self, x: f64) -> f64 {
        x.sqrt()
    }
    #[inline(always)]
    fn derivative<N: Number>(self, _: N, y: N) -> N {
        N::constant(0.5) / y
    }
}
