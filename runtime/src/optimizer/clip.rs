//! Clipping by the global norm of all gradients, like PyTorch's `clip_grad_norm_`.

use super::StepError;
use super::options::{self, check};
use super::pass::instruction_set;
use crate::kernels::norm::root;
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};
use std::ops::Range;

/// Scales all gradients by min(1, max / (norm + 1e-6)), where norm is the square root of the sum
/// of their squares, and returns the norm before scaling. The norm is accurate even if the squares are out
/// of the scalar's range.
///
/// If the norm is infinite, finite gradients become 0 and infinite ones NaN; if it is NaN, all
/// become NaN: as in PyTorch.
///
/// # Errors
/// If `max` is negative or NaN; the gradients are unchanged then.
pub fn clip_gradient_norm<T: Scalar>(gradients: &mut [T], max: f64) -> Result<T, StepError> {
    check::<T>("max", max, options::Range::Norm)?;
    let norm = norm(|| std::iter::once(&*gradients));
    let scale = T::from_f64(factor(norm, max));
    gradients.iter_mut().for_each(|gradient| *gradient *= scale);
    Ok(norm)
}

/// Returns the factor by which an optimiser scales the gradients; 1 without clipping. Only those in `ranges`
/// are part of the norm.
pub(super) fn clip_factor<T: Scalar, I: Iterator<Item = Range<usize>>>(
    max: Option<f64>,
    gradients: &[T],
    ranges: impl Fn() -> I,
) -> f64 {
    let Some(max) = max else { return 1.0 };
    factor(norm(|| ranges().map(|range| &gradients[range])), max)
}

/// Returns min(1, max / (norm + 1e-6)): 0 for an infinite norm, NaN if that is NaN.
fn factor<T: Scalar>(norm: T, max: f64) -> f64 {
    let factor = max / (norm.to_f64() + 1e-6);
    if factor > 1.0 { 1.0 } else { factor }
}

/// Returns the Euclidean norm of all parts together.
fn norm<'a, T: Scalar, P: Iterator<Item = &'a [T]>>(parts: impl Fn() -> P) -> T {
    let n = parts().map(<[T]>::len).sum();
    let sum = |factor: T| {
        let squares = |part| T::vectorize(instruction_set(), SquareSum { part, factor });
        T::from_f64(parts().map(squares).sum())
    };
    root(n, sum(T::ONE), sum)
}

/// Computes the sum of the squares of all numbers times a factor.
struct SquareSum<'a, T> {
    part: &'a [T],
    factor: T,
}

impl<T: Scalar> Vectorize<T> for SquareSum<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) -> f64 {
        simd.square_sum(self.part, self.factor)
    }
}
