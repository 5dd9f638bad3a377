//! Roots of sums of squares. The squares of large numbers overflow and those of small ones vanish
//! long before the root does: a sum that is out of range is formed again, of numbers that are
//! multiplied by a power of two.

use crate::scalar::Scalar;

/// The root of the sum of `n` squares, where `sum` forms that of all numbers times a factor.
#[inline(always)]
pub(crate) fn root<T: Scalar>(n: usize, mut sum: impl FnMut(T) -> T) -> T {
    let mut scale = Scale::NONE;
    loop {
        let squares = sum(scale.factor);
        match Scale::instead(n, squares).filter(|_| scale.factor == T::ONE) {
            Some(other) => scale = other,
            None => return squares.sqrt() * scale.inverse,
        }
    }
}

/// What numbers are multiplied by before they are squared, and its inverse.
#[derive(Clone, Copy)]
pub(crate) struct Scale<T> {
    /// A power of two.
    pub(crate) factor: T,
    /// One over it.
    pub(crate) inverse: T,
}

impl<T: Scalar> Scale<T> {
    /// Nothing is multiplied.
    pub(crate) const NONE: Self = Self { factor: T::ONE, inverse: T::ONE };

    /// What is better than [`NONE`](Self::NONE), with which the sum of `n` squares was `squares`, if
    /// that is out of range: infinite, or less than the smallest normal number for each of them, so
    /// that some which matter may have vanished.
    ///
    /// The power is large enough for the smallest number, and small enough for 2^30 of those that
    /// are made large by it.
    #[inline(always)]
    pub(crate) fn instead(n: usize, squares: T) -> Option<Self> {
        let power = const { power_of_two(if T::BYTES == 4 { 96 } else { 700 }) };
        let [up, down] = [power, 1.0 / power].map(T::from_f64);
        if squares == T::from_f64(f64::INFINITY) {
            return Some(Self { factor: down, inverse: up });
        }
        let vanishes = squares < T::MIN_POSITIVE * T::from_f64(n as f64);
        vanishes.then_some(Self { factor: up, inverse: down })
    }
}

/// 2^`exponent`, a normal number.
const fn power_of_two(exponent: u64) -> f64 {
    f64::from_bits((1023 + exponent) << 52)
}

#[cfg(test)]
mod tests;
