//! The square root.

use super::Function;
use crate::number::Number;
use crate::simd::Isa;

/// The square root, correctly rounded.
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
