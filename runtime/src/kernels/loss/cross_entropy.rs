//! Cross entropy from logits. A kernel computes the exponentials of the logits once; both the kernel of
//! the loss and that of the gradient use them.

use super::CrossEntropy;
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `e[rows, classes]` = e^(x - m) for each x of `logits[rows, classes]`, where m is its row's maximum.
#[inline(always)]
pub fn exponentials<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    logits: &(impl AsRows<T> + ?Sized),
    e: &mut [T],
) {
    simd.exponentials(logits.as_rows(rows, classes), e.as_rows_mut(rows, classes));
}

/// `losses[rows]` = the loss of each row of `logits[rows, classes]`, whose [`exponentials`] are `e`; 0
/// if the target is ignored.
///
/// It is finite for finite logits of any size, and +inf if only the target's logit is -inf.
///
/// # Panics
/// If a target is not a class.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn cross_entropy<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    logits: &(impl AsRows<T> + ?Sized),
    e: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    losses: &mut [T],
) {
    let logits = logits.as_rows(rows, classes);
    assert_eq!((e.len(), targets.len(), losses.len()), (rows * classes, rows, rows));
    simd.cross_entropy(logits, e, targets, options, losses);
}

/// Computes the gradient with respect to the logits, `d[rows, classes]`, from their [`exponentials`]
/// `e`: `scale` times (a p_c - a_c), for a row's probabilities p, the coefficients a_c of
/// [`CrossEntropy`] and their sum a.
///
/// # Panics
/// If a target is not a class.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn cross_entropy_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    e: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: &mut (impl AsRowsMut<T> + ?Sized),
) {
    d.as_rows_mut(rows, classes).copy_from(e.as_rows(rows, classes));
    cross_entropy_gradient_in_place(simd, rows, classes, targets, options, scale, d);
}

/// Like [`cross_entropy_gradient`], in place: `d` holds the exponentials at first.
///
/// # Panics
/// If a target is not a class.
#[inline(always)]
pub fn cross_entropy_gradient_in_place<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: &mut (impl AsRowsMut<T> + ?Sized),
) {
    assert_eq!(targets.len(), rows);
    simd.cross_entropy_gradient(targets, options, scale, d.as_rows_mut(rows, classes));
}
