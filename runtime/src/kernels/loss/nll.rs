//! Negative log-likelihood of log-probabilities, which `log_softmax` gives.

use super::CrossEntropy;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `scale` times the sum of the rows' losses, for `log_p[rows, classes]` and `targets[rows]`.
///
/// PyTorch's `nll_loss`, and with label smoothing what `cross_entropy` makes of it.
///
/// # Panics
/// When a target is no class; [`check_classes`](super::check_classes) tells beforehand.
#[inline(always)]
pub fn nll<T: Scalar, S: Simd<T>>(
    _simd: S,
    rows: usize,
    classes: usize,
    log_p: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
) -> T {
    assert_eq!((log_p.len(), targets.len()), (rows * classes, rows));
    let smoothing = options.smoothing(classes);
    let mut loss = 0.0;
    for (row, &target) in log_p.chunks_exact(classes.max(1)).zip(targets) {
        if !options.ignores(target) {
            let mut cost = smoothing.target(target) * row[target as usize];
            if smoothing.is_some() {
                cost += smoothing.dot(row, T::ZERO);
            }
            loss -= cost.to_f64();
        }
    }
    scale * T::from_f64(loss)
}

/// The gradient of [`nll`] by the log-probabilities, `d[rows, classes]`.
///
/// # Panics
/// When a target is no class.
#[inline(always)]
pub fn nll_gradient<T: Scalar, S: Simd<T>>(
    _simd: S,
    rows: usize,
    classes: usize,
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: &mut [T],
) {
    assert_eq!((d.len(), targets.len()), (rows * classes, rows));
    let smoothing = options.smoothing(classes);
    d.fill(T::ZERO);
    for (d, &target) in d.chunks_exact_mut(classes.max(1)).zip(targets) {
        if !options.ignores(target) {
            if smoothing.is_some() {
                smoothing.subtract(scale, d);
            }
            d[target as usize] -= scale * smoothing.target(target);
        }
    }
}
