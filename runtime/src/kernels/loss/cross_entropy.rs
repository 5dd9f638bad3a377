//! Cross entropy from logits. A kernel computes the exponentials of the logits once; both the kernel of
//! the loss and that of the gradient use them.

use super::{CrossEntropy, Smoothing};
use crate::kernels::block_rows;
use crate::kernels::lanes::sum;
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::kernels::softmax::{self, ROWS, inverse, ln_sums, shift};
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
    let (logits, e) = (logits.as_rows(rows, classes), e.as_rows_mut(rows, classes));
    for (first, e) in e.blocks(block_rows(classes)) {
        logits.copy_to(first, e);
        softmax::exponentials(simd, classes, e, |_, _| ());
    }
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
    let smoothing = options.smoothing(classes);
    let blocks = e.chunks(ROWS * classes.max(1)).zip(targets.chunks(ROWS));
    for (block, ((e, targets), losses)) in blocks.zip(losses.chunks_mut(ROWS)).enumerate() {
        let rows = ln_sums(simd, classes, e).into_iter().zip(block * ROWS..);
        for ((loss, &target), (ln_sum, row)) in losses.iter_mut().zip(targets).zip(rows) {
            let row = logits.row(row);
            *loss = if options.ignores(target) {
                T::ZERO
            } else {
                row_loss(simd, &smoothing, row, target, shift(simd, row), ln_sum)
            };
        }
    }
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
    let smoothing = options.smoothing(classes);
    for (d, &target) in d.as_rows_mut(rows, classes).iter().zip(targets) {
        if options.ignores(target) {
            d.fill(T::ZERO);
            continue;
        }
        let at_target = scale * smoothing.target(target);
        let factor = (at_target + scale * smoothing.all) * inverse(sum(simd, [&*d], |[e]| e));
        d.iter_mut().for_each(|d| *d *= factor);
        d[target as usize] -= at_target;
        if smoothing.is_some() {
            smoothing.subtract(scale, d);
        }
    }
}

/// Computes a row's loss from its maximum and the logarithm of its sum of exponentials: the sum over c
/// of -a_c (x_c - shift - ln_sum).
#[inline(always)]
fn row_loss<T: Scalar, S: Simd<T>>(
    simd: S,
    smoothing: &Smoothing<'_, T>,
    row: &[T],
    target: u32,
    shift: T,
    ln_sum: T,
) -> T {
    let ln_p = (row[target as usize] - shift) - ln_sum;
    let loss = -(smoothing.target(target) * ln_p);
    if smoothing.is_some() {
        loss + (smoothing.all * ln_sum - smoothing.dot(simd, row, shift))
    } else {
        loss
    }
}
