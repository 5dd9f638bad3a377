//! Softmax and its logarithm over rows of any length, as they are compiled with the library.

use super::{ROWS, exponentials, inverse, ln_sums, passed};
use crate::kernels::lanes::{sum, sum_all};
use crate::kernels::pitch::{Rows, RowsMut};
use crate::kernels::{Store, block_rows};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

#[inline(always)]
pub fn softmax<T: Scalar, S: Simd<T>>(simd: S, x: Rows<'_, T>, y: RowsMut<'_, T>) {
    let n = y.len;
    for (first, y) in y.blocks(block_rows(n)) {
        x.copy_to(first, y);
        softmax_block(simd, n, y);
    }
}

#[inline(always)]
pub fn softmax_in_place<T: Scalar, S: Simd<T>>(simd: S, x: RowsMut<'_, T>) {
    let n = x.len;
    for (_, block) in x.blocks(block_rows(n)) {
        softmax_block(simd, n, block);
    }
}

#[inline(always)]
pub fn softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    y: Rows<'_, T>,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
) {
    for ((y, dy), dx) in y.iter().zip(dy.iter()).zip(dx.iter()) {
        let mean = simd.lane(sum(simd, [y, dy], |[y, dy]| y * passed(y, dy)));
        for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
            store.put(dx, (simd.lane(y) * (simd.lane(passed(y, dy)) - mean)).value);
        }
    }
}

#[inline(always)]
pub fn log_softmax<T: Scalar, S: Simd<T>>(simd: S, x: Rows<'_, T>, y: RowsMut<'_, T>) {
    let n = y.len;
    for (first, y) in y.blocks(ROWS) {
        x.copy_to(first, y);
        let mut shifts = [T::ZERO; ROWS];
        exponentials(simd, n, y, |r, shift| shifts[r] = shift);
        let ln_sums = ln_sums(simd, n, y);
        let rows = y.chunks_exact_mut(n.max(1)).zip(first..);
        for ((y, row), (shift, ln_sum)) in rows.zip(shifts.into_iter().zip(ln_sums)) {
            y.iter_mut().zip(x.row(row)).for_each(|(y, &x)| *y = (x - shift) - ln_sum);
        }
    }
}

#[inline(always)]
pub fn log_softmax_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    y: Rows<'_, T>,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
) {
    for ((y, dy), dx) in y.iter().zip(dy.iter()).zip(dx.iter()) {
        let sum = simd.lane(sum_all(simd, dy));
        for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
            store.put(dx, (simd.lane(dy) - simd.lane(y).exp() * sum).value);
        }
    }
}

#[inline(always)]
fn softmax_block<T: Scalar, S: Simd<T>>(simd: S, n: usize, block: &mut [T]) {
    exponentials(simd, n, block, |_, _| ());
    for row in block.chunks_exact_mut(n.max(1)) {
        let scale = inverse(sum_all(simd, row));
        row.iter_mut().for_each(|x| *x *= scale);
    }
}
