//! Elementary functions. Each is a type with its value in `f32` and `f64`, and its derivative.
//!
//! The `f32` versions are implemented here, without branches and calls, so that loops over them are
//! vectorised; the `f64` versions are those of `libm`. The coefficients of a polynomial minimise the
//! largest relative error (Remez). They are rounded to `f32` one after the other from the lowest, and
//! the others are fitted again after each rounding.

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
pub use exp::{Exp, Exp2, ExpM1, ExpOrZero};
pub use ln::{Ln, Ln1p};
pub use normal::{Gelu, NormalCdf, NormalDensity};
pub use pow::Pow;
pub use round::{Ceil, Floor, Round};
pub use sigmoid::{Sigmoid, Silu};
pub use softplus::Softplus;
pub use tanh::Tanh;
pub use trigonometric::{Cos, Sin};

/// A function of one real variable that [`Number`]s can evaluate and differentiate.
///
/// ```
/// use monograd::math::{Exp, Function};
///
/// assert_eq!(Exp.f64(0.0), 1.0);
/// assert_eq!(Exp.derivative(0.0_f64, 1.0), 1.0);
/// ```
pub trait Function: Copy {
    /// Returns f(x) in `f32`, compiled for `I`, without branches and calls.
    fn f32<I: Isa>(self, x: f32) -> f32;
    /// Returns f(x) in `f64`, to full precision.
    fn f64(self, x: f64) -> f64;
    /// Returns f'(x), given y = f(x). Subexpressions common to x and y are shared if the compiler sees
    /// the same expression twice, as it does in a vector loop.
    fn derivative<N: Number>(self, x: N, y: N) -> N;
}

/// Returns `a * b + c`, with a single rounding if `I` has an instruction for it.
#[inline(always)]
fn fused<I: Isa>(a: f32, b: f32, c: f32) -> f32 {
    if I::FMA { a.mul_add(b, c) } else { a * b + c }
}

/// Evaluates the polynomial with these coefficients, the constant first, by Horner's scheme in x^2,
/// separately for the even and the odd powers: two independent chains (exp and the sigmoid take a
/// fifth less time than with one chain). For coefficients that decrease quickly.
#[inline(always)]
fn polynomial<I: Isa, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let square = x * x;
    let (mut last, mut before) = (coefficients[N - 1], coefficients[N - 2]);
    for &c in coefficients[..N - 2].iter().rev() {
        (last, before) = (before, fused::<I>(last, square, c));
    }
    fused::<I>(last, x, before)
}

/// Like [`polynomial`], by a single chain. If adjacent terms nearly cancel, its partial sums stay small,
/// and so do the rounding errors.
#[inline(always)]
fn horner<I: Isa, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut y = coefficients[N - 1];
    for &c in coefficients[..N - 1].iter().rev() {
        y = fused::<I>(y, x, c);
    }
    y
}

/// Returns x, or `low` if x is below it; NaN stays NaN.
#[inline(always)]
fn at_least<T: PartialOrd>(low: T, x: T) -> T {
    if x < low { low } else { x }
}

/// Returns x, or `high` if x is above it; NaN stays NaN.
#[inline(always)]
fn at_most<T: PartialOrd>(high: T, x: T) -> T {
    if x > high { high } else { x }
}

#[cfg(test)]
mod tests;
