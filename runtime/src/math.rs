//! The elementary functions, one type each: its value in `f32` and `f64`, and its derivative.
//!
//! The `f32` versions are written here, without branches and without calls, so that a loop over
//! them becomes a loop over vectors; the `f64` versions are `libm`'s. A polynomial's coefficients
//! minimise the largest relative error (Remez), rounded to `f32` one after the other from the
//! lowest, the others fitted again after each rounding.

use crate::number::Number;
use crate::simd::Isa;

mod algebraic;
mod atan;
mod erf;
mod exp;
mod ln;
mod normal;
mod pow;
mod round;
mod sigmoid;
mod softplus;
mod tanh;
mod trigonometric;

pub use algebraic::Sqrt;
pub use atan::Atan;
pub use erf::Erf;
pub use exp::{Exp, Exp2, ExpM1};
pub use ln::{Ln, Ln1p};
pub use normal::{Gelu, NormalCdf, NormalDensity};
pub use pow::Pow;
pub use round::{Ceil, Floor, Round};
pub use sigmoid::{Sigmoid, Silu};
pub use softplus::Softplus;
pub use tanh::Tanh;
pub use trigonometric::{Cos, Sin};

/// A function of one real variable that [`Number`]s evaluate and differentiate.
pub trait Function: Copy {
    /// f(x) in `f32`, compiled for `I`: no branches, no calls.
    fn f32<I: Isa>(self, x: f32) -> f32;
    /// f(x) in `f64`, to full precision.
    fn f64(self, x: f64) -> f64;
    /// f'(x), where y is f(x). What x and y were computed from is shared when the compiler sees
    /// the same expression twice, as it does in a vector loop.
    fn derivative<N: Number>(self, x: N, y: N) -> N;
}

/// `a * b + c`, with one rounding where `I` has an instruction for it.
#[inline(always)]
fn fused<I: Isa>(a: f32, b: f32, c: f32) -> f32 {
    if I::FMA { a.mul_add(b, c) } else { a * b + c }
}

/// The polynomial with these coefficients, the constant first, by Horner's scheme in x^2 for the
/// even and the odd powers apart: the two chains run side by side (against one chain, exp and the
/// sigmoid took a fifth less time). For coefficients that fall off quickly.
#[inline(always)]
fn polynomial<I: Isa, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let square = x * x;
    let (mut last, mut before) = (coefficients[N - 1], coefficients[N - 2]);
    for &c in coefficients[..N - 2].iter().rev() {
        (last, before) = (before, fused::<I>(last, square, c));
    }
    fused::<I>(last, x, before)
}

/// The same in one chain. Where neighbouring terms nearly cancel, its sums stay small, and so do
/// their rounding errors.
#[inline(always)]
fn horner<I: Isa, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut y = coefficients[N - 1];
    for &c in coefficients[..N - 1].iter().rev() {
        y = fused::<I>(y, x, c);
    }
    y
}

/// x, or `low` when x is below it; NaN stays NaN.
#[inline(always)]
fn at_least<T: PartialOrd>(low: T, x: T) -> T {
    if x < low { low } else { x }
}

/// x, or `high` when x is above it; NaN stays NaN.
#[inline(always)]
fn at_most<T: PartialOrd>(high: T, x: T) -> T {
    if x > high { high } else { x }
}

#[cfg(test)]
mod tests;
