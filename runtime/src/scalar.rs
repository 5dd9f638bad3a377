//! The two scalars that networks compute in: `f32` and `f64`.

use crate::element::Element;
use crate::number::Number;
use crate::simd::{InstructionSet, Isa, Vectorize};
use std::fmt;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// `f32` or `f64`.
///
/// The functions take the instruction set as a type, because what is fastest differs: where
/// there is a fused multiply-add they use it.
pub trait Scalar:
    Number
    + Element
    + Default
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
    + fmt::Debug
    + fmt::Display
    + fmt::LowerExp
    + Send
    + Sync
    + 'static
{
    /// The name in Rust.
    const NAME: &'static str;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// Bytes of one scalar.
    const BYTES: usize = size_of::<Self>();

    /// The nearest scalar.
    fn from_f64(x: f64) -> Self;
    /// The same number as an `f64`.
    fn to_f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;

    /// Runs `operation` compiled for `set`.
    ///
    /// # Panics
    /// When this processor does not have `set`; [`InstructionSet::detect`] gives one that it has.
    fn vectorize<O: Vectorize<Self>>(set: InstructionSet, operation: O) -> O::Output;

    /// `self * a + b`, fused only where that is one instruction.
    fn fused<I: Isa>(self, a: Self, b: Self) -> Self;
    /// [`Number::exp`] compiled for `I`; the others likewise.
    fn exp_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn exp_m1_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn ln_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn ln_1p_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn sqrt_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn sin_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn cos_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn tanh_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn sigmoid_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn softplus_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn erf_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn normal_cdf_on<I: Isa>(self) -> Self;
    #[allow(missing_docs)]
    fn pow_on<I: Isa>(self, p: f64) -> Self;
}

mod float;
