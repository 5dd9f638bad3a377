//! Copies parts of a matrix into contiguous buffers. Their rows fill whole cache lines, do not collide
//! in the cache if the number of columns is a power of two, and are contiguous even if the matrix is
//! transposed.

use super::matrix::Matrix;
use crate::kernels::transpose::transpose_block;
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::mem::MaybeUninit;

/// A buffer on the stack for a part of a matrix. It is uninitialised, so that unused space costs
/// nothing.
#[repr(align(64))]
pub(super) struct Panel<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

impl<const BYTES: usize> Panel<BYTES> {
    #[inline(always)]
    pub fn new() -> Self {
        Self(MaybeUninit::uninit())
    }

    /// Returns the number of rows of `width` scalars that fit, at most 256: a strip of B of that depth
    /// leaves space for A in the L1 cache.
    #[inline(always)]
    pub const fn rows<T: Scalar>(&self, width: usize) -> usize {
        let rows = BYTES / (width * T::BYTES);
        if rows < 256 { rows } else { 256 }
    }

    /// Returns the address of the buffer.
    #[inline(always)]
    pub const fn room<T: Scalar>(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }

    /// Copies `depth` rows of `b` from row `top` on, columns `left` to `left + columns`. A row of the panel
    /// has `width` scalars, a whole number of vectors. Returns the address of the first scalar.
    ///
    /// # Safety
    /// The rows and columns exist, `depth * width` scalars fit, and `columns` is at most `width`, which
    /// is a multiple of `LANES`.
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
                // transposes a block of vectors, if the columns of `b` are contiguous
                while b.row_stride == 1 && k + S::LANES <= depth {
                    let from = b.at(top + k, left + j);
                    let to = panel.wrapping_add(k * width + j);
                    transpose_block(simd, from, b.column_stride, to, width);
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

/// Copies a block scalar by scalar.
///
/// # Safety
/// The block is part of `b`, and `to` has room for its rows, which are `width` apart.
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
