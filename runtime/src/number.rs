//! The operations of scalar functions, so that a function written once can be evaluated on plain
//! numbers, on the lanes of a vector loop, and on dual numbers (for derivatives).

use crate::math::{self, Function};
use std::ops::{Add, Div, Mul, Neg, Sub};

mod constant;
mod dual;
mod lane;
mod own;

pub use constant::Constant;
pub use dual::Dual;
pub use lane::Lane;
pub use own::Own;

/// A real number, or a type that behaves like one.
///
/// A function that is generic over `N: Number` runs on `f32` and `f64`, inside vectorised loops
/// ([`Lane`]), and on [`Dual`] numbers, which compute its derivative:
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
/// Comparisons (`<`, `>`) compare values. An `if` between two cheap arms becomes a select in a
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
    /// Converts a constant.
    fn constant(x: f64) -> Self;
    /// Returns `self * a + b`, with a single rounding if the machine has an instruction for it.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// Applies an elementary function; the methods below name them.
    fn apply(self, function: impl Function) -> Self;
    /// |x|. Its derivative at 0 is taken as 0.
    fn abs(self) -> Self;
    /// Returns the larger; NaN if either is. If both are equal, the derivative is the mean of theirs.
    fn maximum(self, other: Self) -> Self;
    /// Returns the smaller; NaN if either is. If both are equal, the derivative is the mean of theirs.
    fn minimum(self, other: Self) -> Self;

    /// e^x.
    #[inline(always)]
    fn exp(self) -> Self {
        self.apply(math::Exp)
    }
    /// e^x - 1, accurate near zero.
    #[inline(always)]
    fn exp_m1(self) -> Self {
        self.apply(math::ExpM1)
    }
    /// 2^x.
    #[inline(always)]
    fn exp2(self) -> Self {
        self.apply(math::Exp2)
    }
    /// Natural logarithm.
    #[inline(always)]
    fn ln(self) -> Self {
        self.apply(math::Ln)
    }
    /// ln(1 + x), accurate near zero.
    #[inline(always)]
    fn ln_1p(self) -> Self {
        self.apply(math::Ln1p)
    }
    /// Square root.
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.apply(math::Sqrt)
    }
    /// Sine of an angle in radians.
    #[inline(always)]
    fn sin(self) -> Self {
        self.apply(math::Sin)
    }
    /// Cosine of an angle in radians.
    #[inline(always)]
    fn cos(self) -> Self {
        self.apply(math::Cos)
    }
    /// Arctangent, in radians.
    #[inline(always)]
    fn atan(self) -> Self {
        self.apply(math::Atan)
    }
    /// The largest integer not above x. Its derivative is taken as 0.
    #[inline(always)]
    fn floor(self) -> Self {
        self.apply(math::Floor)
    }
    /// The smallest integer not below x. Its derivative is taken as 0.
    #[inline(always)]
    fn ceil(self) -> Self {
        self.apply(math::Ceil)
    }
    /// The nearest integer, ties to even. Its derivative is taken as 0.
    #[inline(always)]
    fn round(self) -> Self {
        self.apply(math::Round)
    }
    /// Hyperbolic tangent.
    #[inline(always)]
    fn tanh(self) -> Self {
        self.apply(math::Tanh)
    }
    /// 1 / (1 + e^-x).
    #[inline(always)]
    fn sigmoid(self) -> Self {
        self.apply(math::Sigmoid)
    }
    /// x / (1 + e^-x), that is, x times its sigmoid; zero at minus infinity.
    #[inline(always)]
    fn silu(self) -> Self {
        self.apply(math::Silu)
    }
    /// ln(1 + e^x).
    #[inline(always)]
    fn softplus(self) -> Self {
        self.apply(math::Softplus)
    }
    /// The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.
    #[inline(always)]
    fn erf(self) -> Self {
        self.apply(math::Erf)
    }
    /// The density of the standard normal distribution, e^(-x^2 / 2) / sqrt(2 pi).
    #[inline(always)]
    fn normal_density(self) -> Self {
        self.apply(math::NormalDensity)
    }
    /// The cumulative distribution function of the standard normal distribution,
    /// (1 + erf(x / sqrt 2)) / 2, with full relative accuracy even in the negative tail.
    #[inline(always)]
    fn normal_cdf(self) -> Self {
        self.apply(math::NormalCdf)
    }
    /// x times its [`normal_cdf`](Self::normal_cdf); zero at minus infinity.
    #[inline(always)]
    fn gelu(self) -> Self {
        self.apply(math::Gelu)
    }
    /// x^p for a constant p.
    #[inline(always)]
    fn pow(self, p: f64) -> Self {
        self.apply(math::Pow(p))
    }
}
