//! A part of a matrix copied side by side: its rows then fill cache lines, do not collide in the
//! cache when the matrix has a power of two of columns, and are rows at all when it is transposed.

use super::matrix::Matrix;
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::mem::MaybeUninit;

/// Room for a part of a matrix on the stack; uninitialised, so that what is not used costs nothing.
#[repr(align(64))]
pub(super) struct Panel<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

impl<const BYTES: usize> Panel<BYTES> {
    #[inline(always)]
    pub fn new() -> Self {
        Self(MaybeUninit::uninit())
    }

    /// Rows of `width` scalars that it has room for, at most 256: a strip of B of that depth
    /// leaves room for A in the first cache.
    #[inline(always)]
    pub const fn rows<T: Scalar>(&self, width: usize) -> usize {
        let rows = BYTES / (width * T::BYTES);
        if rows < 256 { rows } else { 256 }
    }

    /// Where a copy may be written.
    #[inline(always)]
    pub const fn room<T: Scalar>(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }

    /// Copies `depth` rows from row `top` of `b`, the columns from `left` to `left + columns`;
    /// a row of the panel takes `width` scalars, whole vectors. Gives the first scalar.
    ///
    /// # Safety
    /// The rows and columns are there, `depth * width` scalars fit, and `columns` is at most
    /// `width`, which is a multiple of `LANES`.
    #[inline(always)]
    pub unsafe fn fill<T: Scalar, S: Simd<T>>(
        &mut self,
        simd: S,
        b: Matrix<'_, T>,
        (top, depth): (usize, usize),
        (left, columns): (usize, usize),
        width: usize,
    ) -> *const T {
        let panel = self.0.as_mut_ptr().cast::<T>();
        let whole = columns / S::LANES * S::LANES;
        // SAFETY: all reads are of elements of `b`; all writes are below depth * width.
        unsafe {
            let mut j = 0;
            while j < whole {
                let mut k = 0;
                // A block of whole rows of Bᵀ, when these lie side by side.
                while b.row_stride == 1 && k + S::LANES <= depth {
                    let from = b.at(top + k, left + j);
                    simd.transpose(from, b.column_stride, panel.wrapping_add(k * width + j), width);
                    k += S::LANES;
                }
                copy(
                    b,
                    (top + k, depth - k),
                    (left + j, S::LANES),
                    panel.wrapping_add(k * width + j),
                    width,
                );
                j += S::LANES;
            }
            copy(b, (top, depth), (left + j, columns - j), panel.wrapping_add(j), width);
        }
        panel
    }
}

/// Copies a block one scalar at a time.
///
/// # Safety
/// The block is part of `b`, and `to` has room for its rows, `width` apart.
#[inline(always)]
unsafe fn copy<T: Scalar>(
    b: Matrix<'_, T>,
    (top, depth): (usize, usize),
    (left, columns): (usize, usize),
    to: *mut T,
    width: usize,
) {
    for j in 0..columns {
        for k in 0..depth {
            // SAFETY: the caller's promise.
            unsafe {
                to.wrapping_add(k * width + j)
                    .write_unaligned(b.at(top + k, left + j).read_unaligned())
            }
        }
    }
}
