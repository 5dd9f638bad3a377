//! Transposes a matrix.

use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

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
    // A block is all shuffles, a page of them for long vectors, so that they are compiled once.
    simd.outlined(Transpose { rows, columns, from, from_pitch, to, to_pitch });
}

/// A transposition as an operation. Only [`transpose`] makes it, after checking the slices.
struct Transpose<'a, T> {
    rows: usize,
    columns: usize,
    from: &'a [T],
    from_pitch: usize,
    to: &'a mut [T],
    to_pitch: usize,
}

impl<T: Scalar> Vectorize<T> for Transpose<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { rows, columns, from, from_pitch, to, to_pitch } = self;
        let (whole_rows, whole_columns) =
            (rows / S::LANES * S::LANES, columns / S::LANES * S::LANES);
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
}

/// Transposes a block of `LANES` by `LANES` scalars.
///
/// # Safety
/// Those of [`Simd::transpose`].
#[inline(always)]
pub(in crate::kernels) unsafe fn transpose_block<T: Scalar, S: Simd<T>>(
    simd: S,
    from: *const T,
    from_pitch: usize,
    to: *mut T,
    to_pitch: usize,
) {
    simd.outlined(Block { from, from_pitch, to, to_pitch });
}

/// A block as an operation. Only [`transpose_block`] makes it.
struct Block<T> {
    from: *const T,
    from_pitch: usize,
    to: *mut T,
    to_pitch: usize,
}

impl<T: Scalar> Vectorize<T> for Block<T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        // SAFETY: the promise of the caller of `transpose_block`.
        unsafe { simd.transpose(self.from, self.from_pitch, self.to, self.to_pitch) }
    }
}
