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
                Shifted::new(simd, &smoothing, row, target, shift(simd, row)).loss(ln_sum)
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
        let sum = sum_all(simd, d);
        row_gradient(&smoothing, target, scale, sum, d);
    }
}

/// Turns a row of exponentials, whose sum is `sum`, into the gradient of its logits.
#[inline(always)]
pub(super) fn row_gradient<T: Scalar>(
    smoothing: &Smoothing<'_, T>,
    target: u32,
    scale: T,
    sum: T,
    d: &mut [T],
) {
    let at_target = scale * smoothing.target(target);
    let factor = (at_target + scale * smoothing.all) * inverse(sum);
    d.iter_mut().for_each(|d| *d *= factor);
    d[target as usize] -= at_target;
    if smoothing.is_some() {
        smoothing.subtract(scale, d);
    }
}

/// The parts of a row's loss beside the sum of the exponentials, of logits that are shifted by their
/// maximum.
pub(super) struct Shifted<T> {
    /// The logit of the target.
    at_target: T,
    /// The coefficient of the target.
    share: T,
    /// The sum over c of (e / C) w_c x_c, and that of (e / C) w_c, if there is smoothing.
    smooth: Option<(T, T)>,
}

impl<T: Scalar> Shifted<T> {
    #[inline(always)]
    pub fn new<S: Simd<T>>(
        simd: S,
        smoothing: &Smoothing<'_, T>,
        row: &[T],
        target: u32,
        shift: T,
    ) -> Self {
        let smooth = || (smoothing.dot(simd, row, shift), smoothing.all);
        Self {
            at_target: row[target as usize] - shift,
            share: smoothing.target(target),
            smooth: smoothing.is_some().then(smooth),
        }
    }

    /// Returns the loss from the logarithm of the sum of exponentials: the sum over c of
    /// -a_c (x_c - ln_sum).
    #[inline(always)]
    pub fn loss(&self, ln_sum: T) -> T {
        let loss = -(self.share * (self.at_target - ln_sum));
        match self.smooth {
            Some((dot, all)) => loss + (all * ln_sum - dot),
            None => loss,
        }
    }
}
