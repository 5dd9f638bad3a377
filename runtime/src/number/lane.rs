//! A lane of a vector loop: a scalar whose type names the instruction set that it is compiled for.

use super::Number;
use crate::math::Function;
use crate::scalar::Scalar;
use crate::simd::Isa;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A scalar whose functions are compiled for the instruction set `I`, without branches, so that a
/// loop over them becomes a loop over vectors.
///
/// ```
/// use monograd::{Lane, Number, Plain};
///
/// let x = Lane::<f32, Plain>::new(0.5);
/// assert_eq!((x + x).value, 1.0);
/// assert!((x.tanh().value - 0.5_f32.tanh()).abs() < 1e-6);
/// ```
#[derive(Debug)]
pub struct Lane<T, I> {
    /// The scalar.
    pub value: T,
    isa: PhantomData<I>,
}

impl<T: Copy, I> Clone for Lane<T, I> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Copy, I> Copy for Lane<T, I> {}

impl<T, I> Lane<T, I> {
    /// Wraps `value` for a loop compiled for `I`.
    #[inline(always)]
    pub const fn new(value: T) -> Self {
        Self { value, isa: PhantomData }
    }
}

impl<T: PartialEq, I> PartialEq for Lane<T, I> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T: PartialOrd, I> PartialOrd for Lane<T, I> {
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

impl<T: Scalar, I> Neg for Lane<T, I> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(-self.value)
    }
}

macro_rules! arithmetic {
    ($($operator:ident $method:ident),*) => {$(
        impl<T: Scalar, I> $operator for Lane<T, I> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self::new(self.value.$method(other.value))
            }
        }
    )*};
}
arithmetic!(Add add, Sub sub, Mul mul, Div div);

impl<T: Scalar, I: Isa> Number for Lane<T, I> {
    #[inline(always)]
    fn constant(x: f64) -> Self {
        Self::new(T::from_f64(x))
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self::new(self.value.fused::<I>(a.value, b.value))
    }
    #[inline(always)]
    fn apply(self, function: impl Function) -> Self {
        Self::new(self.value.evaluate::<I>(function))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self::new(Number::abs(self.value))
    }
    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        Self::new(self.value.maximum(other.value))
    }
    #[inline(always)]
    fn minimum(self, other: Self) -> Self {
        Self::new(self.value.minimum(other.value))
    }
}
