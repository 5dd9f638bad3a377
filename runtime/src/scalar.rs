//! The two scalars that networks compute in: `f32` and `f64`.

use crate::element::Element;
use crate::layout::Parameter;
use crate::math::Function;
use crate::number::Number;
use crate::optimizer::Rule;
use crate::simd::{InstructionSet, Isa, Vectorize};
use std::fmt;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

mod float;

/// `f32` or `f64`.
///
/// What takes the instruction set `I` as a type is fastest in different ways on different
/// machines: where there is a fused multiply-add it is used.
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
    /// The smallest positive number with all its digits.
    const MIN_POSITIVE: Self;
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

    /// One step of an optimiser on a whole buffer, compiled with the library.
    #[doc(hidden)]
    fn optimize(
        rule: Rule<Self>,
        parameters: &mut [Self],
        gradients: &[Self],
        states: &mut [&mut [Self]],
        layout: &[Parameter],
    );

    /// `self * a + b`, fused only where that is one instruction.
    fn fused<I: Isa>(self, a: Self, b: Self) -> Self;
    /// `function` of this scalar, compiled for `I`.
    fn evaluate<I: Isa>(self, function: impl Function) -> Self;
}
