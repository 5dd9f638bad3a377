//! Dot products along memory, for results of one column and for a few rows times a transposed
//! matrix: each element of the matrix is used so seldom that transposing it would cost more.

use super::matrix::Matrix;
use super::product::Start;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// C = start + A · b, with b one column; the rows of A and b lie side by side.
#[inline(always)]
pub(super) fn column<T: Scalar, S: Simd<T>>(
    simd: S,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    start: Start<'_, T>,
    c: &mut [T],
) {
    debug_assert!(a.column_stride == 1 && b.row_stride == 1 && c.len() == a.rows);
    let first = match start {
        // SAFETY: the row has one element, as C has one column.
        Start::Row(row) => unsafe { *row.at(0, 0) },
        Start::Zero | Start::Output => T::ZERO,
    };
    let keep = matches!(start, Start::Output);
    // SAFETY: A has as many columns as b has rows, and C as many elements as A rows.
    unsafe { matrix_vector(simd, a, b, first, keep, c) }
}

/// C = start + A · B, with the columns of B and the rows of A each side by side in memory.
#[inline(always)]
pub(super) fn rows<T: Scalar, S: Simd<T>>(
    simd: S,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    start: Start<'_, T>,
    c: &mut [T],
) {
    debug_assert!(a.column_stride == 1 && b.row_stride == 1 && c.len() == a.rows * b.columns);
    let keep = match start {
        Start::Zero => false,
        Start::Output => true,
        Start::Row(bias) => {
            for c in c.chunks_exact_mut(b.columns) {
                for (j, c) in c.iter_mut().enumerate() {
                    // SAFETY: the row has as many elements as C columns.
                    *c = unsafe { *bias.at(0, j) };
                }
            }
            true
        }
    };
    for (i, c) in c.chunks_exact_mut(b.columns).enumerate() {
        let row = a.row(i).transposed();
        // SAFETY: B has as many rows as A columns, and a row of C as many elements as B columns.
        unsafe { matrix_vector(simd, b.transposed(), row, T::ZERO, keep, c) }
    }
}

/// Rows at once: as many independent sums keep the multipliers busy.
const ROWS: usize = 8;

/// c = first + M · v, or that added to c; the rows of M and v lie side by side.
///
/// # Safety
/// M has as many columns as v has rows, and c as many elements as M rows.
#[inline(always)]
unsafe fn matrix_vector<T: Scalar, S: Simd<T>>(
    simd: S,
    m: Matrix<'_, T>,
    v: Matrix<'_, T>,
    first: T,
    keep: bool,
    c: &mut [T],
) {
    let mut i = 0;
    // SAFETY: rows i to i + ROWS are there; the caller's promise.
    unsafe {
        while i + ROWS <= m.rows {
            dots::<T, S, ROWS>(simd, m, i, v, first, keep, c);
            i += ROWS;
        }
        while i < m.rows {
            dots::<T, S, 1>(simd, m, i, v, first, keep, c);
            i += 1;
        }
    }
}

/// The rows of M from `top`, `R` of them.
///
/// # Safety
/// As for [`matrix_vector`], and the rows are there.
#[inline(always)]
unsafe fn dots<T: Scalar, S: Simd<T>, const R: usize>(
    simd: S,
    m: Matrix<'_, T>,
    top: usize,
    v: Matrix<'_, T>,
    first: T,
    keep: bool,
    c: &mut [T],
) {
    let mut sums = [simd.splat(T::ZERO); R];
    let (row, vector) = (m.start().wrapping_add(top * m.row_stride), v.start());
    let whole = m.columns / S::LANES * S::LANES;
    // SAFETY: all offsets are below m.columns in rows that are there.
    unsafe {
        let mut k = 0;
        while k < whole {
            let x = simd.load(vector.add(k));
            for r in 0..R {
                let row = simd.load(row.add(r * m.row_stride + k));
                sums[r] = simd.mul_add(row, x, sums[r]);
            }
            k += S::LANES;
        }
        let rest = m.columns - whole;
        if rest > 0 {
            let x = simd.load_first(vector.add(k), rest);
            for r in 0..R {
                let row = simd.load_first(row.add(r * m.row_stride + k), rest);
                sums[r] = simd.mul_add(row, x, sums[r]);
            }
        }
        for r in 0..R {
            let c = c.get_unchecked_mut(top + r);
            let start = if keep { *c } else { first };
            *c = start + simd.sum(sums[r]);
        }
    }
}
