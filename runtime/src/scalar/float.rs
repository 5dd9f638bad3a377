//! `f32` and `f64` as [`Scalar`]s. (First version: everything through `libm`.)

use super::Scalar;
use crate::number::Number;
use crate::simd::{self, InstructionSet, Isa, Plain, Vectorize};

macro_rules! scalar {
    ($t:ident, $exp:path, $expm1:path, $ln:path, $ln1p:path, $sqrt:path, $sin:path, $cos:path, $tanh:path, $erf:path, $erfc:path, $pow:path) => {
        impl Scalar for $t {
            const NAME: &'static str = stringify!($t);
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
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
            #[inline(always)]
            fn fused<I: Isa>(self, a: Self, b: Self) -> Self {
                if I::FMA { <$t>::mul_add(self, a, b) } else { self * a + b }
            }
            #[inline(always)]
            fn exp_on<I: Isa>(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn exp_m1_on<I: Isa>(self) -> Self {
                $expm1(self)
            }
            #[inline(always)]
            fn ln_on<I: Isa>(self) -> Self {
                $ln(self)
            }
            #[inline(always)]
            fn ln_1p_on<I: Isa>(self) -> Self {
                $ln1p(self)
            }
            #[inline(always)]
            fn sqrt_on<I: Isa>(self) -> Self {
                $sqrt(self)
            }
            #[inline(always)]
            fn sin_on<I: Isa>(self) -> Self {
                $sin(self)
            }
            #[inline(always)]
            fn cos_on<I: Isa>(self) -> Self {
                $cos(self)
            }
            #[inline(always)]
            fn tanh_on<I: Isa>(self) -> Self {
                $tanh(self)
            }
            #[inline(always)]
            fn sigmoid_on<I: Isa>(self) -> Self {
                1.0 / (1.0 + $exp(-self))
            }
            #[inline(always)]
            fn softplus_on<I: Isa>(self) -> Self {
                self.max(0.0) + $ln1p($exp(-<$t>::abs(self)))
            }
            #[inline(always)]
            fn erf_on<I: Isa>(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn normal_cdf_on<I: Isa>(self) -> Self {
                0.5 * $erfc(-self * std::f64::consts::FRAC_1_SQRT_2 as $t)
            }
            #[inline(always)]
            fn pow_on<I: Isa>(self, p: f64) -> Self {
                $pow(self, p as $t)
            }
        }

        impl Number for $t {
            #[inline(always)]
            fn constant(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                self * a + b
            }
            #[inline(always)]
            fn exp(self) -> Self {
                self.exp_on::<Plain>()
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                self.exp_m1_on::<Plain>()
            }
            #[inline(always)]
            fn ln(self) -> Self {
                self.ln_on::<Plain>()
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                self.ln_1p_on::<Plain>()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt_on::<Plain>()
            }
            #[inline(always)]
            fn sin(self) -> Self {
                self.sin_on::<Plain>()
            }
            #[inline(always)]
            fn cos(self) -> Self {
                self.cos_on::<Plain>()
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                self.tanh_on::<Plain>()
            }
            #[inline(always)]
            fn sigmoid(self) -> Self {
                self.sigmoid_on::<Plain>()
            }
            #[inline(always)]
            fn softplus(self) -> Self {
                self.softplus_on::<Plain>()
            }
            #[inline(always)]
            fn erf(self) -> Self {
                self.erf_on::<Plain>()
            }
            #[inline(always)]
            fn normal_cdf(self) -> Self {
                self.normal_cdf_on::<Plain>()
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
            #[inline(always)]
            fn pow(self, p: f64) -> Self {
                self.pow_on::<Plain>(p)
            }
        }
    };
}

scalar!(
    f32,
    libm::expf,
    libm::expm1f,
    libm::logf,
    libm::log1pf,
    libm::sqrtf,
    libm::sinf,
    libm::cosf,
    libm::tanhf,
    libm::erff,
    libm::erfcf,
    libm::powf
);
scalar!(
    f64,
    libm::exp,
    libm::expm1,
    libm::log,
    libm::log1p,
    libm::sqrt,
    libm::sin,
    libm::cos,
    libm::tanh,
    libm::erf,
    libm::erfc,
    libm::pow
);
