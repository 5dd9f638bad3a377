//! Implements [`Scalar`] for `f32` and `f64`.

use super::Scalar;
use crate::distributed::{Slice, SliceMut};
use crate::kernels::dense;
use crate::math::Function;
use crate::number::Number;
use crate::optimizer::{self, Rule};
use crate::simd::{self, InstructionSet, Isa, Plain, Vectorize};
use std::ops::Range;

macro_rules! scalar {
    ($(#[$compiled:meta])? $t:ident, $slice:ident, |$function:ident, $x:ident, $isa:ident| $evaluate:expr) => {
        impl Scalar for $t {
            const NAME: &'static str = stringify!($t);
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const MIN_POSITIVE: Self = <$t>::MIN_POSITIVE;

            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$t>::is_finite(self)
            }
            #[inline]
            fn vectorize<O: Vectorize<Self>>(set: InstructionSet, operation: O) -> O::Output {
                simd::vectorize(set, operation)
            }
            $(#[$compiled])?
            fn optimize(
                rule: Rule<Self>,
                parameters: &mut [Self],
                gradients: &[Self],
                states: &mut [&mut [Self]],
                ranges: &[Range<usize>],
            ) {
                optimizer::optimize(rule, parameters, gradients, states, ranges);
            }
            $(#[$compiled])?
            fn matrix_product(sizes: [usize; 3], a: &[Self], b: &[Self], product: &mut [Self]) {
                dense::matrix_product(sizes, a, b, product);
            }
            fn slice(values: &[Self]) -> Slice<'_> {
                Slice::$slice(values)
            }
            fn slice_mut(values: &mut [Self]) -> SliceMut<'_> {
                SliceMut::$slice(values)
            }
            #[inline(always)]
            fn fused<I: Isa>(self, a: Self, b: Self) -> Self {
                if I::FMA { <$t>::mul_add(self, a, b) } else { self * a + b }
            }
            #[inline(always)]
            fn evaluate<$isa: Isa>(self, $function: impl Function) -> Self {
                let $x = self;
                $evaluate
            }
        }

        impl Number for $t {
            #[inline(always)]
            fn constant(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                self.fused::<Plain>(a, b)
            }
            #[inline(always)]
            fn apply(self, function: impl Function) -> Self {
                self.evaluate::<Plain>(function)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$t>::abs(self)
            }
            #[inline(always)]
            fn maximum(self, other: Self) -> Self {
                if self >= other || self.is_nan() { self } else { other }
            }
            #[inline(always)]
            fn minimum(self, other: Self) -> Self {
                if self <= other || self.is_nan() { self } else { other }
            }
        }
    };
}

scalar!(f32, F32, |function, x, I| function.f32::<I>(x));
scalar!(
    // compiled where they are called, as the kernels in `kernels/outline.rs`
    #[cfg_attr(not(feature = "f64"), inline)]
    f64,
    F64,
    |function, x, I| function.f64(x)
);
