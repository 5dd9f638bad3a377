//! Transposes a matrix.

use crate::scalar::Scalar;
use crate::simd::Simd;

/// `to[column * to_pitch + row] = from[row * from_pitch + column]`, for a matrix of `rows` rows of `columns`.
///
/// # Panics
/// If a slice is too short.
#[inline(always)]
pub(in crate::kernels) fn transpose<T: Scalar, S: Simd<T>>(
    simd: S,
    [rows, columns]: [usize; 2],
    from: &[T],
    from_pitch: usize,
    to: &mut [T],
    to_pitch: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!((rows - 1) * from_pitch + columns <= from.len());
    assert!((columns - 1) * to_pitch + rows <= to.len());
    let (whole_rows, whole_columns) = (rows / S::LANES * S::LANES, columns / S::LANES * S::LANES);
    let (from, to) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: the last elements of both matrices have been checked; they cannot overlap, since one is
    // borrowed mutably.
    unsafe {
        let mut row = 0;
        while row < whole_rows {
            let mut column = 0;
            while column < whole_columns {
                let from = from.wrapping_add(row * from_pitch + column);
                let to = to.wrapping_add(column * to_pitch + row);
                simd.transpose(from, from_pitch, to, to_pitch);
                column += S::LANES;
            }
            row += S::LANES;
        }
        // A kernel has few taps, so that much may be left. (With checks, packing the weights took a sixth of
        // the time of an input gradient.)
        for row in 0..rows {
            let first = if row < whole_rows { whole_columns } else { 0 };
            for column in first..columns {
                let from = from.wrapping_add(row * from_pitch + column);
                to.wrapping_add(column * to_pitch + row).write_unaligned(from.read_unaligned());
            }
        }
    }
}
