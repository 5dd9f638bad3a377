//! Computes the product of a vector and a large matrix along the rows of the matrix, a few at a time: the order of
//! memory, which the processor fetches ahead. Strips that go down all rows, as in `vector`, jump from row to
//! row instead; they sum in registers, and are for matrices in the L1 cache.

use super::blocks::DIRECT_DEPTH;
use super::product::{Product, Start};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};
use std::mem::MaybeUninit;

/// Size of B, in bytes, from which it is read along its rows.
const SWEPT_BYTES: usize = 48 * 1024;
/// Number of rows of B that are read together.
const ROWS: usize = 8;
/// Number of scalars of C that are summed at a time, in the L1 cache.
const WIDTH: usize = 1024;

impl<T: Scalar> Product<'_, T> {
    /// Returns true if a product whose A [is a vector](Self::is_vector) reads B along its rows.
    #[inline(always)]
    pub(super) fn is_swept<S: Simd<T>>(&self) -> bool {
        let Self { a, b, .. } = self;
        a.columns * b.columns * T::BYTES >= SWEPT_BYTES && b.columns >= 4 * S::LANES
    }

    /// Computes such a product, in parts of [`WIDTH`] columns. The blocks of a sum are as long as in other
    /// products, and the terms of a block are added [`ROWS`] at a time.
    #[inline(always)]
    pub(super) fn run_swept<S: Simd<T>>(self, simd: S) {
        let Product { a, b, start, c, .. } = self;
        assert!(c.len() >= b.columns && a.columns == b.rows);
        let parts = b.columns.div_ceil(WIDTH);
        let width = b.columns.div_ceil(parts).next_multiple_of(S::LANES);
        for left in (0..b.columns).step_by(width) {
            let part = Part {
                depth: a.columns,
                a: a.at(0, 0),
                a_column: a.column_stride,
                b: b.at(0, left),
                b_row: b.row_stride,
                columns: width.min(b.columns - left),
            };
            let blocks = part.depth.div_ceil(DIRECT_DEPTH).max(1);
            let c = &mut c[left..][..part.columns];
            for block in 0..blocks {
                let range = block * part.depth / blocks..(block + 1) * part.depth / blocks;
                // after the first block, the sums continue from C
                let start = match start {
                    _ if block > 0 => Start::Output,
                    Start::Row(bias) => Start::Row(bias.part((0, 1), (left, part.columns))),
                    start => start,
                };
                simd.outlined(Sweep { part, range: (range.start, range.end), start, c });
            }
        }
    }
}

/// Some columns of the product of a vector and a matrix.
#[derive(Clone, Copy)]
struct Part<T> {
    /// Length of the sums.
    depth: usize,
    a: *const T,
    a_column: usize,
    b: *const T,
    b_row: usize,
    /// Number of columns, at most [`WIDTH`].
    columns: usize,
}

impl<T: Scalar> Part<T> {
    /// Adds `R` rows of B, from row `top` on, times their elements of A to `sums`.
    ///
    /// # Safety
    /// A has `depth` elements and B as many rows, among them these, of `columns` scalars. `sums` has room for as
    /// many in whole vectors.
    #[inline(always)]
    unsafe fn add<S: Simd<T>, const R: usize>(self, simd: S, top: usize, sums: *mut T) {
        let mut factors = [simd.splat(T::ZERO); R];
        for r in 0..R {
            // SAFETY: the caller's promise.
            factors[r] = unsafe { simd.splat_at(self.a.wrapping_add((top + r) * self.a_column)) };
        }
        let rows = self.b.wrapping_add(top * self.b_row);
        let at = |r: usize, k: usize| rows.wrapping_add(r.wrapping_mul(self.b_row).wrapping_add(k));
        let whole = self.columns / S::LANES * S::LANES;
        let mut k = 0;
        // SAFETY: all offsets are of scalars in these rows, or of vectors in `sums`.
        unsafe {
            while k < whole {
                let mut sum = simd.splat(T::ZERO);
                for r in 0..R {
                    sum = simd.mul_add(factors[r], simd.load(at(r, k)), sum);
                }
                let to = sums.wrapping_add(k);
                simd.store(to, simd.add(simd.load(to), sum));
                k += S::LANES;
            }
            if k < self.columns {
                let mut sum = simd.splat(T::ZERO);
                for r in 0..R {
                    let row = simd.load_first(at(r, k), self.columns - k);
                    sum = simd.mul_add(factors[r], row, sum);
                }
                let to = sums.wrapping_add(k);
                simd.store(to, simd.add(simd.load(to), sum));
            }
        }
    }
}

/// A range of the depth of a part. Only [`Product::run_swept`] makes it.
struct Sweep<'a, 'c, T> {
    part: Part<T>,
    range: (usize, usize),
    start: Start<'a, T>,
    c: &'c mut [T],
}

impl<T: Scalar> Vectorize<T> for Sweep<'_, '_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { part, range: (mut top, end), start, c } = self;
        let mut room = [const { MaybeUninit::<T>::uninit() }; WIDTH];
        let sums = room.as_mut_ptr().cast::<T>();
        // SAFETY: the part consists of parts of A and B, which have these sizes, and the rows are some of
        // them. `WIDTH` is a multiple of the number of lanes. The sums that are read have been written: those
        // of all columns, and no others, since zeros for the whole `WIDTH` would be 4 KiB in every step.
        let sums = unsafe {
            for column in (0..part.columns).step_by(S::LANES) {
                simd.store(sums.wrapping_add(column), simd.splat(T::ZERO));
            }
            while top + ROWS <= end {
                part.add::<S, ROWS>(simd, top, sums);
                top += ROWS;
            }
            while top < end {
                part.add::<S, 1>(simd, top, sums);
                top += 1;
            }
            std::slice::from_raw_parts(sums, part.columns)
        };
        match start {
            Start::Zero => c.copy_from_slice(sums),
            Start::Output => c.iter_mut().zip(sums).for_each(|(c, sum)| *c += *sum),
            Start::Row(bias) => {
                let terms = sums.iter().zip(bias.first_row());
                c.iter_mut().zip(terms).for_each(|(c, (sum, bias))| *c = *bias + *sum);
            }
        }
    }
}
