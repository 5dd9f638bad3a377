//! Dual numbers, which carry a value and its derivative through a function (forward-mode
//! differentiation).

use super::Number;
use crate::math::Function;
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// a + b·ε with ε² = 0: evaluating f on `Dual::variable(x)` computes f(x) and f'(x) together
/// (forward-mode differentiation, Clifford 1873).
///
/// ```
/// use monograd::{Dual, Number};
///
/// let x = Dual::variable(3.0_f64);
/// let y = x * x + x.sin();
/// assert_eq!(y.value, 9.0 + 3.0_f64.sin());
/// assert_eq!(y.derivative, 6.0 + 3.0_f64.cos());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dual<N> {
    /// f(x).
    pub value: N,
    /// f'(x).
    pub derivative: N,
}

impl<N: Number> Dual<N> {
    /// Returns the variable of differentiation: its derivative is 1.
    #[inline(always)]
    pub fn variable(value: N) -> Self {
        Self { value, derivative: N::constant(1.0) }
    }

    /// Applies the chain rule: `value` is f and `slope` is f' at `self.value`. A zero derivative stays
    /// zero even if the slope is infinite, as that of a square root at 0.
    #[inline(always)]
    fn chain(self, value: N, slope: N) -> Self {
        let zero = N::constant(0.0);
        let derivative = if self.derivative == zero { zero } else { self.derivative * slope };
        Self { value, derivative }
    }

    /// Returns `value`, the result of a minimum or maximum, with the derivative of the operand that was
    /// chosen, or the mean of both derivatives if the operands are equal.
    #[inline(always)]
    fn choice(value: N, is_first: bool, first: Self, second: Self) -> Self {
        let mean = (first.derivative + second.derivative) * N::constant(0.5);
        let derivative = if is_first { first.derivative } else { second.derivative };
        Self { value, derivative: if first.value == second.value { mean } else { derivative } }
    }
}

impl<N: PartialEq> PartialEq for Dual<N> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<N: PartialOrd> PartialOrd for Dual<N> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
    #[inline(always)]
    fn lt(&self, other: &Self) -> bool {
        self.value < other.value
    }
    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        self.value <= other.value
    }
    #[inline(always)]
    fn gt(&self, other: &Self) -> bool {
        self.value > other.value
    }
    #[inline(always)]
    fn ge(&self, other: &Self) -> bool {
        self.value >= other.value
    }
}

impl<N: Number> Neg for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { value: -self.value, derivative: -self.derivative }
    }
}
impl<N: Number> Add for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        Self { value: self.value + b.value, derivative: self.derivative + b.derivative }
    }
}
impl<N: Number> Sub for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        Self { value: self.value - b.value, derivative: self.derivative - b.derivative }
    }
}
impl<N: Number> Mul for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        Self {
            value: self.value * b.value,
            derivative: self.derivative * b.value + self.value * b.derivative,
        }
    }
}
impl<N: Number> Div for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        Self { value, derivative: (self.derivative - value * b.derivative) / b.value }
    }
}

impl<N: Number> Number for Dual<N> {
    #[inline(always)]
    fn constant(x: f64) -> Self {
        Self { value: N::constant(x), derivative: N::constant(0.0) }
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self {
            value: self.value.mul_add(a.value, b.value),
            derivative: self.derivative * a.value + self.value * a.derivative + b.derivative,
        }
    }
    #[inline(always)]
    fn apply(self, function: impl Function) -> Self {
        let y = self.value.apply(function);
        self.chain(y, function.derivative(self.value, y))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        let zero = N::constant(0.0);
        let signed = if self.value < zero { -self.derivative } else { self.derivative };
        let derivative = if self.value == zero { zero } else { signed };
        Self { value: self.value.abs(), derivative }
    }
    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        let value = self.value.maximum(other.value);
        Self::choice(value, self.value >= other.value, self, other)
    }
    #[inline(always)]
    fn minimum(self, other: Self) -> Self {
        let value = self.value.minimum(other.value);
        Self::choice(value, self.value <= other.value, self, other)
    }
}

#[cfg(test)]
mod tests;
