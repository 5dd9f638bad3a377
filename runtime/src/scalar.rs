//! The scalar types that networks compute in: `f32` and `f64`.

use crate::distributed::{Slice, SliceMut};
use crate::element::Element;
use crate::math::Function;
use crate::number::Number;
use crate::optimizer::Rule;
use crate::simd::{InstructionSet, Isa, Vectorize};
use std::fmt;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, Range, SubAssign};

mod float;

/// `f32` or `f64`.
///
/// Functions with a type parameter `I` are compiled for the instruction set `I`: they use a fused
/// multiply-add, for example, if it has one.
///
/// ```
/// use monograd::Scalar;
///
/// fn third<T: Scalar>() -> f64 {
///     T::from_f64(1.0 / 3.0).to_f64()
/// }
///
/// assert_eq!(third::<f64>(), 1.0 / 3.0);
/// assert!((third::<f32>() - 1.0 / 3.0).abs() < 1e-7);
/// ```
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
    /// The name of the type in Rust.
    const NAME: &'static str;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The smallest positive normal number.
    const MIN_POSITIVE: Self;
    /// Number of bytes of one scalar.
    const BYTES: usize = size_of::<Self>();

    /// Returns the nearest scalar.
    fn from_f64(x: f64) -> Self;
    /// Converts to `f64`, exactly.
    fn to_f64(self) -> f64;
    /// Returns true if it is neither infinite nor NaN.
    fn is_finite(self) -> bool;

    /// Runs `operation` compiled for `set`.
    ///
    /// # Panics
    /// If this processor does not support `set`; [`InstructionSet::detect`] returns one that it does.
    fn vectorize<O: Vectorize<Self>>(set: InstructionSet, operation: O) -> O::Output;

    /// One step of an optimiser on some ranges of a buffer, compiled with the library.
    #[doc(hidden)]
    fn optimize(
        rule: Rule<Self>,
        parameters: &mut [Self],
        gradients: &[Self],
        states: &mut [&mut [Self]],
        ranges: &[Range<usize>],
    );

    /// Computes the product of row-major matrices, `[rows, inner]` and `[inner, columns]`, compiled with the
    /// library.
    #[doc(hidden)]
    fn matrix_product(sizes: [usize; 3], a: &[Self], b: &[Self], product: &mut [Self]);

    /// Implements [`Slice::of`].
    #[doc(hidden)]
    fn slice(values: &[Self]) -> Slice<'_>;
    /// Implements [`SliceMut::of`].
    #[doc(hidden)]
    fn slice_mut(values: &mut [Self]) -> SliceMut<'_>;

    /// `self * a + b`, fused only where that is one instruction.
    fn fused<I: Isa>(self, a: Self, b: Self) -> Self;
    /// Applies `function`, compiled for `I`.
    fn evaluate<I: Isa>(self, function: impl Function) -> Self;
}
