//! Euclidean norms. The squares of large numbers overflow and those of small ones underflow long before
//! the norm does: a sum that is out of range is computed again, from numbers scaled by a power of two.

use super::lanes::sum;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Returns the root of `squares`, the sum of `n` squares. If that is out of range, it calls `again` to
/// compute the sum of the squares of all numbers times a factor.
#[inline(always)]
pub(crate) fn root<T: Scalar>(n: usize, squares: T, again: impl FnOnce(T) -> T) -> T {
    // the power is large enough for the smallest number, and small enough that the squares of 2^30
    // numbers which are made large by it do not overflow
    let power = const { power_of_two(if T::BYTES == 4 { 96 } else { 700 }) };
    let [up, down] = [power, 1.0 / power].map(T::from_f64);
    let overflows = squares == T::from_f64(f64::INFINITY);
    // squares that matter may have underflowed if the sum is below n times the smallest normal number
    let vanishes = squares < T::MIN_POSITIVE * T::from_f64(n as f64);
    if !(overflows || vanishes) {
        return squares.sqrt();
    }
    let (factor, inverse) = if overflows { (down, up) } else { (up, down) };
    again(factor).sqrt() * inverse
}

/// Returns the sum of the squares of `n` numbers times a factor. It is seldom needed and has only a few
/// accumulators, so that it is little code.
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
