//! Losses with class indices as targets, with the options of PyTorch's `cross_entropy`.
//!
//! A loss is computed for every row. For the mean over a batch, each is multiplied by the
//! [`normaliser`].

use super::lanes::sum;
use crate::scalar::Scalar;
use crate::simd::Simd;

mod accuracy;
pub(super) mod compiled;
mod cross_entropy;
mod elementwise;
pub(super) mod linear;

pub use accuracy::accuracy_rows;
pub use cross_entropy::{
    cross_entropy, cross_entropy_gradient, cross_entropy_gradient_in_place, exponentials,
};
pub use elementwise::bce_with_logits;
pub use linear::{Gradients, Head, Operands, Results, Scale, linear_cross_entropy, linear_scratch};

/// The target that PyTorch ignores by default: -100, as an unsigned class index.
pub const IGNORE_INDEX: u32 = -100_i32 as u32;

/// The options of [`cross_entropy()`], with PyTorch's names, defaults and meaning.
///
/// With smoothing e over C classes and weights w (1 if there are none), the loss of a row with target
/// t is the sum over c of -a_c ln p_c, where a_c = (e / C) w_c, plus (1 - e) w_t for c = t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropy<'a, T> {
    /// A target for which the loss of a row is 0.
    pub ignore_index: Option<u32>,
    /// The share of the target that is distributed over all classes, from 0 to 1.
    pub label_smoothing: T,
    /// The weight of each class.
    pub class_weights: Option<&'a [T]>,
}

impl<T: Scalar> Default for CrossEntropy<'_, T> {
    fn default() -> Self {
        Self { ignore_index: Some(IGNORE_INDEX), label_smoothing: T::ZERO, class_weights: None }
    }
}

impl<T: Scalar> CrossEntropy<'_, T> {
    /// Returns the sum of the weights of those targets that are not ignored, by which PyTorch's mean
    /// divides; 0 if all are ignored (PyTorch's mean is then NaN).
    #[must_use]
    pub fn weight(&self, targets: &[u32]) -> T {
        let targets = targets.iter().filter(|&&target| !self.ignores(target));
        T::from_f64(targets.map(|&target| self.class_weight(target).to_f64()).sum())
    }

    #[inline(always)]
    fn ignores(&self, target: u32) -> bool {
        self.ignore_index == Some(target)
    }

    #[inline(always)]
    fn class_weight(&self, class: u32) -> T {
        self.class_weights.map_or(T::ONE, |weights| weights[class as usize])
    }

    /// Returns the coefficients of the targets over `classes`, as far as they are the same for all rows.
    #[inline(always)]
    fn smoothing(&self, classes: usize) -> Smoothing<'_, T> {
        assert!(self.class_weights.is_none_or(|weights| weights.len() == classes));
        let each = self.label_smoothing / T::from_f64(classes as f64);
        let total = |weights: &[T]| weights.iter().map(|weight| weight.to_f64()).sum();
        let all = self
            .class_weights
            .map_or(self.label_smoothing, |weights| each * T::from_f64(total(weights)));
        Smoothing { options: self, each, all }
    }
}

/// Returns the factor of each row's loss such that the mean over `samples` becomes the weighted mean of
/// the targets that are not ignored; 0 if all are ignored (PyTorch's mean is NaN then).
#[must_use]
pub fn normaliser<T: Scalar>(samples: usize, targets: &[u32], options: &CrossEntropy<'_, T>) -> T {
    let weight = options.weight(targets).to_f64();
    T::from_f64(if weight > 0.0 { samples as f64 / weight } else { 0.0 })
}

/// The coefficients a_c of [`CrossEntropy`]: the part common to all rows, and the target's part.
#[derive(Clone, Copy)]
struct Smoothing<'a, T> {
    options: &'a CrossEntropy<'a, T>,
    /// e / C.
    each: T,
    /// The sum over c of (e / C) w_c.
    all: T,
}

impl<T: Scalar> Smoothing<'_, T> {
    #[inline(always)]
    fn is_some(&self) -> bool {
        self.options.label_smoothing != T::ZERO
    }

    /// (1 - e) w_t.
    #[inline(always)]
    fn target(&self, target: u32) -> T {
        (T::ONE - self.options.label_smoothing) * self.options.class_weight(target)
    }

    /// The sum over c of (e / C) w_c (x_c - shift).
    #[inline(always)]
    fn dot<S: Simd<T>>(&self, simd: S, x: &[T], shift: T) -> T {
        self.each
            * match self.options.class_weights {
                None => sum(simd, [x], |[x]| x - shift),
                Some(weights) => sum(simd, [x, weights], |[x, w]| (x - shift) * w),
            }
    }

    /// Subtracts `scale` times (e / C) w_c from each d_c.
    #[inline(always)]
    fn subtract(&self, scale: T, d: &mut [T]) {
        let scale = scale * self.each;
        match self.options.class_weights {
            None => d.iter_mut().for_each(|d| *d -= scale),
            Some(weights) => d.iter_mut().zip(weights).for_each(|(d, &w)| *d -= scale * w),
        }
    }
}

#[cfg(test)]
mod tests;
