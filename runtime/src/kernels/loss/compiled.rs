//! Cross entropy over rows of any length, as it is compiled with the library.

use super::{CrossEntropy, Smoothing};
use crate::kernels::block_rows;
use crate::kernels::lanes::sum_all;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::kernels::softmax::{self, ROWS, inverse, ln_sums, shift};
use crate::scalar::Scalar;
use crate::simd::Simd;

#[inline(always)]
pub fn exponentials<T: Scalar, S: Simd<T>>(simd: S, logits: Rows<'_, T>, e: RowsMut<'_, T>) {
    let classes = logits.len;
    for (first, e) in e.blocks(block_rows(classes)) {
        logits.copy_to(first, e);
        softmax::exponentials(simd, classes, e, |_, _| ());
    }
}

#[inline(always)]
pub fn cross_entropy<T: Scalar, S: Simd<T>>(
    simd: S,
    logits: Rows<'_, T>,
    e: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    losses: &mut [T],
) {
    let classes = logits.len;
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

#[inline(always)]
pub fn cross_entropy_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: RowsMut<'_, T>,
) {
    let smoothing = options.smoothing(d.len);
    for (d, &target) in d.iter().zip(targets) {
        if options.ignores(target) {
            d.fill(T::ZERO);
            continue;
        }
        let at_target = scale * smoothing.target(target);
        let factor = (at_target + scale * smoothing.all) * inverse(sum_all(simd, d));
        d.iter_mut().for_each(|d| *d *= factor);
        d[target as usize] -= at_target;
        if smoothing.is_some() {
            smoothing.subtract(scale, d);
        }
    }
}

/// A row's loss from its maximum and the logarithm of its sum of exponentials: the sum over c of
/// -a_c (x_c - shift - ln_sum).
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
