//! Dot products of contiguous vectors, for results with few columns and for a few rows times a
//! transposed matrix: each element of the matrix is used so seldom that transposing costs more.

use super::matrix::Matrix;
use super::product::Start;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Largest number of rows or columns of a result that is computed by dot products.
pub(super) const MAX_DOTS: usize = 3;
/// Number of dot products computed together: as many independent sums hide latency.
const SUMS: usize = 8;

/// Number of vectors in a block of a sum; the blocks are accumulated in `f64`.
const BLOCK: usize = 128;

/// C = start + A · B for few columns. The rows of A and the columns of B are contiguous.
#[inline(always)]
pub(super) fn columns<T: Scalar, S: Simd<T>>(
    simd: S,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    start: Start<'_, T>,
    c: &mut [T],
    c_row: usize,
) {
    let width = b.columns;
    let keep = begin(start, c, width, c_row);
    for j in 0..width {
        // SAFETY: the columns of B are as long as the rows of A; C has as many rows as A, and
        // this is one of its columns.
        unsafe { matrix_vector(simd, a, b.at(0, j), keep, &mut c[j..], c_row) }
    }
}

/// C = start + A · B for few rows. The rows of A and the columns of B are contiguous.
#[inline(always)]
pub(super) fn rows<T: Scalar, S: Simd<T>>(
    simd: S,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    start: Start<'_, T>,
    c: &mut [T],
    c_row: usize,
) {
    let width = b.columns;
    let keep = begin(start, c, width, c_row);
    for (i, c) in c.chunks_mut(c_row).take(a.rows).enumerate() {
        // SAFETY: the columns of B are as long as the rows of A; a row of C has as many elements
        // as B columns.
        unsafe { matrix_vector(simd, b.transposed(), a.at(i, 0), keep, c, 1) }
    }
}

/// Writes a bias into C. Returns true if the product has to be added to C.
#[inline(always)]
fn begin<T: Scalar>(start: Start<'_, T>, c: &mut [T], width: usize, c_row: usize) -> bool {
    let row = match start {
        Start::Zero => return false,
        Start::Output => return true,
        Start::Row(row) => row,
    };
    for c in c.chunks_mut(c_row) {
        c[..width].copy_from_slice(row.first_row());
    }
    true
}

/// c = M · v, or added to c if `keep`. The elements of c are `stride` apart; the rows of M are
/// contiguous.
///
/// # Safety
/// v has as many elements as M has columns, and c as many as M has rows.
#[inline(always)]
unsafe fn matrix_vector<T: Scalar, S: Simd<T>>(
    simd: S,
    m: Matrix<'_, T>,
    v: *const T,
    keep: bool,
    c: &mut [T],
    stride: usize,
) {
    debug_assert!(m.column_stride == 1 && c.len() > (m.rows - 1) * stride);
    let mut i = 0;
    // SAFETY: rows i to i + SUMS exist; the rest is the caller's promise.
    unsafe {
        while i + SUMS <= m.rows {
            dots::<T, S, SUMS>(simd, m, i, v, keep, c, stride);
            i += SUMS;
        }
        while i < m.rows {
            dots::<T, S, 1>(simd, m, i, v, keep, c, stride);
            i += 1;
        }
    }
}

/// Computes the dot products of `R` rows of M, beginning with row `top`.
///
/// # Safety
/// Those of [`matrix_vector`], and the rows exist.
#[inline(always)]
unsafe fn dots<T: Scalar, S: Simd<T>, const R: usize>(
    simd: S,
    m: Matrix<'_, T>,
    top: usize,
    v: *const T,
    keep: bool,
    c: &mut [T],
    stride: usize,
) {
    let mut totals = [0.0; R];
    let row = m.at(top, 0);
    let whole = m.columns / S::LANES * S::LANES;
    let (mut k, mut last) = (0, false);
    // SAFETY: all offsets are below m.columns in existing rows.
    unsafe {
        while !last {
            let mut sums = [simd.splat(T::ZERO); R];
            let end = whole.min(k + BLOCK * S::LANES);
            while k < end {
                let x = simd.load(v.wrapping_add(k));
                for r in 0..R {
                    let row =
                        simd.load(row.wrapping_add(r.wrapping_mul(m.row_stride).wrapping_add(k)));
                    sums[r] = simd.mul_add(row, x, sums[r]);
                }
                k += S::LANES;
            }
            last = end == whole;
            let rest = m.columns - whole;
            if last && rest > 0 {
                let x = simd.load_first(v.wrapping_add(k), rest);
                for r in 0..R {
                    let row = simd.load_first(
                        row.wrapping_add(r.wrapping_mul(m.row_stride).wrapping_add(k)),
                        rest,
                    );
                    sums[r] = simd.mul_add(row, x, sums[r]);
                }
            }
            for r in 0..R {
                let mut sum = simd.sum(sums[r]);
                if whole > BLOCK * S::LANES {
                    totals[r] += sum.to_f64();
                    sum = T::from_f64(totals[r]);
                }
                if last {
                    let c = c.get_unchecked_mut((top + r) * stride);
                    let start = if keep { *c } else { T::ZERO };
                    *c = start + sum;
                }
            }
        }
    }
}
