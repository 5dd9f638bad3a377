//! Transposes a matrix.

use crate::scalar::Scalar;
use crate::simd::Simd;

/// `to[column * to_pitch + row] = from[row * from_pitch + column]`, for a matrix of `rows` rows of `columns`.
///
/// # Panics
/// If a slice is too short.
#[inline(always)]
pub(super) fn transpose<T: Scalar, S: Simd<T>>(
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
    assert!((rows - 1) * from_pitch + columns <= from.len() && columns <= from_pitch.max(columns));
    assert!((columns - 1) * to_pitch + rows <= to.len());
    let (whole_rows, whole_columns) = (rows / S::LANES * S::LANES, columns / S::LANES * S::LANES);
    let mut row = 0;
    while row < whole_rows {
        let mut column = 0;
        while column < whole_columns {
            let from = from.as_ptr().wrapping_add(row * from_pitch + column);
            let to = to.as_mut_ptr().wrapping_add(column * to_pitch + row);
            // SAFETY: the block is within both matrices, whose last elements were checked; they cannot
            // overlap, since one is borrowed mutably.
            unsafe { simd.transpose(from, from_pitch, to, to_pitch) }
            column += S::LANES;
        }
        for column in whole_columns..columns {
            for row in row..row + S::LANES {
                to[column * to_pitch + row] = from[row * from_pitch + column];
            }
        }
        row += S::LANES;
    }
    for row in whole_rows..rows {
        for column in 0..columns {
            to[column * to_pitch + row] = from[row * from_pitch + column];
        }
    }
}
