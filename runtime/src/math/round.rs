//! Rounding to integers. The functions are piecewise constant: their derivative is 0.

use super::Function;
use crate::number::Number;
use crate::simd::Isa;

macro_rules! rounding {
    ($(#[$doc:meta])* $name:ident $method:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Function for $name {
            #[inline(always)]
            fn f32<I: Isa>(self, x: f32) -> f32 {
                x.$method()
            }
            #[inline(always)]
            fn f64(self, x: f64) -> f64 {
                x.$method()
            }
            #[inline(always)]
            fn derivative<N: Number>(self, _: N, _: N) -> N {
                N::constant(0.0)
            }
        }
    };
}

rounding! {
    /// The largest integer not above x.
    Floor floor
}
rounding! {
    /// The smallest integer not below x.
    Ceil ceil
}
rounding! {
    /// The nearest integer, ties to even, as in PyTorch.
    Round round_ties_even
}
