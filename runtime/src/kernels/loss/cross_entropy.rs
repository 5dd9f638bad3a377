//! Cross entropy from logits: the loss alone, and the loss together with its gradient.

use super::{CrossEntropy, Smoothing};
use crate::kernels::softmax::{
    ROWS, Sums, exponentials_and_sums, inverse, ln_sum, shift, sum_of_exponentials,
};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// `scale` times the sum of the rows' losses, for `logits[rows, classes]` and `targets[rows]`.
///
/// Finite for finite logits of any size; +inf where the target's logit alone is -inf.
///
/// # Panics
/// When a target is no class; [`check_classes`](super::check_classes) tells beforehand.
#[inline(always)]
pub fn cross_entropy<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    logits: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
) -> T {
    assert_eq!((logits.len(), targets.len()), (rows * classes, rows));
    let smoothing = options.smoothing(classes);
    let mut loss = 0.0;
    for (row, &target) in logits.chunks_exact(classes.max(1)).zip(targets) {
        if !options.ignores(target) {
            let shift = shift(row);
            let ln_sum = ln_sum(simd, sum_of_exponentials(simd, row, shift));
            loss += row_loss(&smoothing, row, target, shift, ln_sum).to_f64();
        }
    }
    scale * T::from_f64(loss)
}

/// `losses[rows]`: the loss of each row on its own; 0 where the target is ignored.
///
/// # Panics
/// When a target is no class.
#[inline(always)]
pub fn cross_entropy_rows<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    logits: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    losses: &mut [T],
) {
    assert_eq!((logits.len(), targets.len(), losses.len()), (rows * classes, rows, rows));
    let smoothing = options.smoothing(classes);
    let rows = logits.chunks_exact(classes.max(1)).zip(targets);
    for (loss, (row, &target)) in losses.iter_mut().zip(rows) {
        *loss = if options.ignores(target) {
            T::ZERO
        } else {
            let shift = shift(row);
            let ln_sum = ln_sum(simd, sum_of_exponentials(simd, row, shift));
            row_loss(&smoothing, row, target, shift, ln_sum)
        };
    }
}

/// [`cross_entropy`], and its gradient `d[rows, classes]` by the logits: `scale` times
/// a p_c - a_c for a row's probabilities p and the coefficients a_c of [`CrossEntropy`], whose
/// sum is a. One exponential a logit serves both.
///
/// # Panics
/// When a target is no class.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn cross_entropy_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    classes: usize,
    logits: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: &mut [T],
) -> T {
    assert_eq!((logits.len(), targets.len(), d.len()), (rows * classes, rows, rows * classes));
    let smoothing = options.smoothing(classes);
    let block = ROWS * classes.max(1);
    let mut loss = 0.0;
    let blocks = logits.chunks(block).zip(d.chunks_mut(block)).zip(targets.chunks(ROWS));
    for ((logits, d), targets) in blocks {
        d.copy_from_slice(logits);
        let Sums { shifts, sums, ln_sums } = exponentials_and_sums(simd, classes, d);
        let rows = logits.chunks_exact(classes.max(1)).zip(d.chunks_exact_mut(classes.max(1)));
        for (r, ((row, d), &target)) in rows.zip(targets).enumerate() {
            if options.ignores(target) {
                d.fill(T::ZERO);
                continue;
            }
            loss += row_loss(&smoothing, row, target, shifts[r], ln_sums[r]).to_f64();
            let at_target = scale * smoothing.target(target);
            let factor = (at_target + scale * smoothing.all) * inverse(sums[r]);
            d.iter_mut().for_each(|d| *d *= factor);
            d[target as usize] -= at_target;
            if smoothing.is_some() {
                smoothing.subtract(scale, d);
            }
        }
    }
    scale * T::from_f64(loss)
}

/// A row's loss from its maximum and the logarithm of its sum of exponentials: the sum over c of
/// -a_c (x_c - shift - ln_sum).
#[inline(always)]
fn row_loss<T: Scalar>(
    smoothing: &Smoothing<'_, T>,
    row: &[T],
    target: u32,
    shift: T,
    ln_sum: T,
) -> T {
    let ln_p = (row[target as usize] - shift) - ln_sum;
    let loss = -(smoothing.target(target) * ln_p);
    if smoothing.is_some() {
        loss + (smoothing.all * ln_sum - smoothing.dot(row, shift))
    } else {
        loss
    }
}
