//! Roots of sums of squares. The squares of large numbers overflow and those of small ones vanish
//! long before the root does: a sum that is out of range is formed again, of numbers that are
//! multiplied by a power of two.

use super::lanes::sum;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The root of `squares`, the sum of `n` squares. If that is out of range, `again` forms the sum of
/// the squares of all numbers times a factor.
#[inline(always)]
pub(crate) fn root<T: Scalar>(n: usize, squares: T, again: impl FnOnce(T) -> T) -> T {
    // the power is large enough for the smallest number, and small enough for 2^30 of those that are
    // made large by it
    let power = const { power_of_two(if T::BYTES == 4 { 96 } else { 700 }) };
    let [up, down] = [power, 1.0 / power].map(T::from_f64);
    let overflows = squares == T::from_f64(f64::INFINITY);
    // some that matter may have vanished in less than the smallest normal number for each
    let vanishes = squares < T::MIN_POSITIVE * T::from_f64(n as f64);
    if !(overflows || vanishes) {
        return squares.sqrt();
    }
    let (factor, inverse) = if overflows { (down, up) } else { (up, down) };
    again(factor).sqrt() * inverse
}

/// The sum of the squares of `n` numbers times a factor. In a few accumulators: it is seldom that it
/// has to be formed, so that it should be little code.
#[inline(always)]
pub(crate) fn scaled<T: Scalar>(n: usize, factor: T, number: impl Fn(usize) -> T) -> T {
    let square = |i: usize| {
        let x = number(i) * factor;
        x * x
    };
    let mut sums = [T::ZERO; 4];
    let whole = n / 4 * 4;
    for i in (0..whole).step_by(4) {
        for (j, sum) in sums.iter_mut().enumerate() {
            *sum += square(i + j);
        }
    }
    let rest = (whole..n).map(square).sum::<T>();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// The sum of the squares of all numbers times a factor, in `f64` over blocks of 1024: so long a sum
/// of `f32` would lose digits.
#[inline(always)]
pub(super) fn square_sum<T: Scalar, S: Simd<T>>(simd: S, x: &[T], factor: T) -> f64 {
    let square = |[x]: [T; 1]| {
        let x = simd.lane(x * factor);
        (x * x).value
    };
    x.chunks(1024).map(|block| sum(simd, [block], square).to_f64()).sum()
}

/// 2^`exponent`, a normal number.
const fn power_of_two(exponent: u64) -> f64 {
    f64::from_bits((1023 + exponent) << 52)
}

#[cfg(test)]
mod tests;
