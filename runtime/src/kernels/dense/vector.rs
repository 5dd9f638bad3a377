//! Computes a product with one row, a vector times a matrix, in wide strips: a step of a stream, and a
//! layer with one sample.

use super::blocks::DIRECT_DEPTH;
use super::product::{Product, Start};
use super::strip::{load, store};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};
use std::ptr;

/// Number of vectors of the widest strip.
const WIDEST: usize = 12;

impl<T: Scalar> Product<'_, T> {
    /// Returns true if A has one row and the rows of B are contiguous.
    #[inline(always)]
    pub(super) fn is_vector(&self) -> bool {
        self.a.rows == 1 && self.b.column_stride == 1
    }

    /// Computes a product whose A [is a vector](Self::is_vector): strips of nearly the same width, each of
    /// which sums in registers. The order of the sums is that of products with more rows.
    #[inline(always)]
    pub(super) fn run_vector<S: Simd<T>>(self, simd: S) {
        let Product { a, b, start, c, .. } = self;
        assert!(c.len() >= b.columns && a.columns == b.rows);
        let vectors = b.columns.div_ceil(S::LANES);
        // two registers are left for a factor and a vector of B
        let strips = vectors
            .div_ceil(const { if S::ACCUMULATORS < WIDEST { S::ACCUMULATORS } else { WIDEST } });
        let (mut left, mut first) = (vectors, 0);
        for strip in (1..=strips).rev() {
            // a division takes as long as a small strip
            let width = if strip == 1 { left } else { left.div_ceil(strip) };
            let column = first * S::LANES;
            let strip = VectorStrip {
                depth: a.columns,
                a: a.at(0, 0),
                a_column: a.column_stride,
                b: b.at(0, column),
                b_row: b.row_stride,
                start: match start {
                    Start::Zero => ptr::null(),
                    Start::Row(bias) => bias.at(0, column),
                    Start::Output => c[column..].as_ptr(),
                },
                c: c[column..].as_mut_ptr(),
                last: (b.columns - column).min(width * S::LANES) - (width - 1) * S::LANES,
            };
            // SAFETY: the strip consists of parts of A, B, the start and C, which have these sizes; the last
            // vector of all strips but the last is whole.
            unsafe { strip.run(simd, width) }
            (left, first) = (left - width, first + width);
        }
    }
}

/// Some columns of the product of a vector and a matrix.
#[derive(Clone, Copy)]
struct VectorStrip<T> {
    /// Length of the sums.
    depth: usize,
    a: *const T,
    a_column: usize,
    b: *const T,
    b_row: usize,
    /// The initial values of the sums; if null, zeros.
    start: *const T,
    c: *mut T,
    /// Number of lanes of the last vector that belong to the matrix.
    last: usize,
}

impl<T: Scalar> VectorStrip<T> {
    /// Computes a strip of `vectors` vectors.
    ///
    /// # Safety
    /// A has `depth` elements, B `depth` rows of `vectors` vectors, the last with `last` lanes; the start
    /// and C have one such row, and C is no part of A or B.
    #[inline(always)]
    unsafe fn run<S: Simd<T>>(self, simd: S, vectors: usize) {
        macro_rules! widths {
            ($($v:literal)*) => {
                match (vectors, self.last < S::LANES) {
                    $(
                        ($v, _) if const { $v > S::ACCUMULATORS } => unreachable!("not used"),
                        ($v, false) => simd.outlined(Columns::<T, $v, false>(self)),
                        ($v, true) => simd.outlined(Columns::<T, $v, true>(self)),
                    )*
                    _ => unreachable!("strips are 1 to 12 vectors wide"),
                }
            };
        }
        widths!(1 2 3 4 5 6 7 8 9 10 11 12);
    }

    /// Computes the strip, in blocks of the sums: a single long chain of additions would lose digits.
    ///
    /// # Safety
    /// Those of [`run`](Self::run), with `V` vectors; `PARTIAL` is true if the last is not whole.
    #[inline(always)]
    unsafe fn columns<S: Simd<T>, const V: usize, const PARTIAL: bool>(self, simd: S) {
        let Self { depth, mut a, mut b, mut start, c, .. } = self;
        let blocks = depth.div_ceil(DIRECT_DEPTH).max(1);
        let (each, more) = (depth / blocks, depth % blocks);
        for block in 0..blocks {
            let mut sums = [simd.splat(T::ZERO); V];
            // SAFETY: the caller's promise; all offsets are those of elements of the operands.
            unsafe {
                for _ in 0..each + usize::from(block < more) {
                    let factor = simd.splat_at(a);
                    for v in 0..V {
                        let row = load::<T, S, V, PARTIAL>(simd, b, v, self.last);
                        sums[v] = simd.mul_add(factor, row, sums[v]);
                    }
                    (a, b) = (a.wrapping_add(self.a_column), b.wrapping_add(self.b_row));
                }
                if !start.is_null() {
                    for v in 0..V {
                        let start = load::<T, S, V, PARTIAL>(simd, start, v, self.last);
                        sums[v] = simd.add(start, sums[v]);
                    }
                }
                for v in 0..V {
                    store::<T, S, V, PARTIAL>(simd, c, v, sums[v], self.last);
                }
            }
            // after the first block, the sums continue from C
            start = c.cast_const();
        }
    }
}

/// A strip of `V` vectors as an operation. Only [`VectorStrip::run`] makes it.
struct Columns<T, const V: usize, const PARTIAL: bool>(VectorStrip<T>);

impl<T: Scalar, const V: usize, const PARTIAL: bool> Vectorize<T> for Columns<T, V, PARTIAL> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        // SAFETY: the promise made to `VectorStrip::run`.
        unsafe { self.0.columns::<S, V, PARTIAL>(simd) }
    }
}
