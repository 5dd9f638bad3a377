//! What a scalar function may do with its argument, so that one source serves plain numbers, the
//! lanes of a vector loop and dual numbers (for derivatives).

use std::ops::{Add, Div, Mul, Neg, Sub};

mod dual;
mod lane;

pub use dual::Dual;
pub use lane::Lane;

/// A real number, or something that behaves as one.
///
/// A function written over `N: Number` runs on `f32` and `f64`, inside vectorised loops
/// ([`Lane`]), and on [`Dual`] numbers, which gives its derivative:
///
/// ```
/// use monograd::{Dual, Number};
///
/// fn cube<N: Number>(x: N) -> N {
///     x * x * x
/// }
/// let y = cube(Dual::variable(2.0_f64));
/// assert_eq!((y.value, y.derivative), (8.0, 12.0));
/// ```
///
/// Comparisons (`<`, `>`) compare values; an `if` between two cheap arms becomes a select in a
/// vector loop.
pub trait Number:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// A constant.
    fn constant(x: f64) -> Self;
    /// `self * a + b`, with one rounding where the machine has an instruction for it.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// e^x.
    fn exp(self) -> Self;
    /// e^x - 1, exact near zero.
    fn exp_m1(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), exact near zero.
    fn ln_1p(self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Sine, of radians.
    fn sin(self) -> Self;
    /// Cosine, of radians.
    fn cos(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// 1 / (1 + e^-x).
    fn sigmoid(self) -> Self;
    /// ln(1 + e^x).
    fn softplus(self) -> Self;
    /// The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.
    fn erf(self) -> Self;
    /// The normal distribution's cumulative function, (1 + erf(x / sqrt 2)) / 2, with full
    /// relative accuracy also where it is tiny.
    fn normal_cdf(self) -> Self;
    /// |x|; its derivative at 0 is taken as 0.
    fn abs(self) -> Self;
    /// The larger; NaN if either is; the derivative goes to `self` when equal.
    fn maximum(self, other: Self) -> Self;
    /// The smaller; NaN if either is; the derivative goes to `self` when equal.
    fn minimum(self, other: Self) -> Self;
    /// x^p for a constant p.
    fn pow(self, p: f64) -> Self;
}
