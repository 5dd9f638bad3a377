//! Blocks a product for the caches, and splits the blocks into strips a few vectors wide.
//!
//! The depth (the length of the sums) is split so that a strip of B fits into the L1 cache, the rows so
//! that a block of A fits into the L2 cache. Either is copied into a contiguous buffer if that pays.

use super::matrix::Matrix;
use super::pack::Panel;
use super::product::{Product, Start};
use super::strip::{Operand, Strip, tallest};
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::ptr;

/// Size of B, in bytes, up to which it is read in place: it fits into the L1 cache.
pub(super) const DIRECT_BYTES: usize = 16 * 1024;
/// Number of rows up to which B is read in place: each element is used so seldom that copying would
/// cost more than it saves.
pub(super) const DIRECT_ROWS: usize = 8;
/// Number of terms that are summed in registers if B is read in place.
pub(super) const DIRECT_DEPTH: usize = 256;
/// Number of rows of a block whose B is read in place: C is then written almost sequentially.
const DIRECT_BLOCK: usize = 12;
/// Size of a block of A, in bytes: a part of the L2 cache.
pub(super) const BLOCK_BYTES: usize = 128 * 1024;
/// Number of columns from which a transposed A is copied into rows: it is read once for each strip.
const COPY_A_COLUMNS: usize = 64;

/// A range of indices along one axis.
#[derive(Clone, Copy)]
struct Range {
    start: usize,
    len: usize,
}

/// Returns part `i` of `parts`, if `all` is divided as evenly as possible.
#[inline(always)]
fn share(all: usize, parts: usize, i: usize) -> Range {
    let (each, more) = (all / parts, all % parts);
    Range { start: i * each + i.min(more), len: each + usize::from(i < more) }
}

/// The treatment of a strip's part of B.
enum Copy<T> {
    /// It is read in place.
    None,
    /// The first tile copies it to this buffer.
    Room(*mut T),
    /// It has been copied to this buffer.
    Made(*const T),
}

/// A block of a product: a range of the rows of C and a range of the depth.
struct Block<'a, T> {
    a: Operand<T>,
    b: Matrix<'a, T>,
    start: Start<'a, T>,
    c: *mut T,
    c_row: usize,
    rows: Range,
    depth: Range,
}

impl<T: Scalar> Product<'_, T> {
    /// Splits the depth and the rows. `PANEL` is the size in bytes of the buffer for a strip of B. `BLOCK`
    /// is that of the buffer for a block of A, or 0 for products so small that A is not copied.
    #[inline(always)]
    pub(super) fn run_blocks<S: Simd<T>, const PANEL: usize, const BLOCK: usize>(self, simd: S) {
        let Product { a, b, start, c, c_row } = self;
        let (rows, columns, depth) = (a.rows, b.columns, a.columns);
        let large = BLOCK > 0 && rows > DIRECT_ROWS && depth * columns * T::BYTES > DIRECT_BYTES;
        let copy_b = large || b.column_stride != 1;
        // A transposed A is read along its columns; after copying it into rows, each cache line is read
        // once (1024x1024x1024: 60 % of the peak without the copy).
        let copy_a = large && a.column_stride != 1 && columns >= COPY_A_COLUMNS;
        let (mut panel, mut block) = (Panel::<PANEL>::new(), Panel::<BLOCK>::new());
        // The depth is summed in blocks: a single long chain of additions would lose digits.
        let block_depth =
            if copy_b { panel.rows::<T>(S::TILE_VECTORS * S::LANES) } else { DIRECT_DEPTH };
        let depth_blocks = depth.div_ceil(block_depth).max(1);
        for k in 0..depth_blocks {
            let depth = share(depth, depth_blocks, k);
            let width = depth.len.next_multiple_of(S::LANES);
            let row_blocks = match (BLOCK, copy_b) {
                (0, _) => 1,
                // a block of A that is read in place may take more of the L2 cache
                (_, true) => {
                    rows.div_ceil(BLOCK * if copy_a { 1 } else { 2 } / T::BYTES / width.max(1))
                }
                (_, false) => rows.div_ceil(DIRECT_BLOCK),
            };
            for i in 0..row_blocks {
                let rows = share(rows, row_blocks, i);
                let a = if copy_a {
                    let (top, left) = ((rows.start, rows.len), (depth.start, depth.len));
                    // SAFETY: the block is within A, and the number of rows was chosen for the buffer.
                    let at = unsafe { block.fill(simd, a, top, left, width) };
                    Operand { at, row: width, column: 1 }
                } else {
                    let at = a.at(rows.start, depth.start);
                    Operand { at, row: a.row_stride, column: a.column_stride }
                };
                // After the first part of the depth, the sums continue from C.
                let start = if k == 0 { start } else { Start::Output };
                let block = Block { a, b, start, c: c.as_mut_ptr(), c_row, rows, depth };
                let panel = if copy_b { Some(&mut panel) } else { None };
                block.run::<S, PANEL>(simd, panel);
            }
        }
    }
}

impl<T: Scalar> Block<'_, T> {
    /// Splits the columns into strips.
    #[inline(always)]
    fn run<S: Simd<T>, const PANEL: usize>(&self, simd: S, mut panel: Option<&mut Panel<PANEL>>) {
        let rows = self.rows.len;
        let mut left = Range { start: 0, len: self.b.columns.div_ceil(S::LANES) };
        // With few rows there are registers for wide strips, whose independent sums hide latency.
        if panel.is_none() && rows <= tallest::<T, S>(4) {
            let wide = if rows <= tallest::<T, S>(8) { left.len / 8 } else { 0 };
            for _ in 0..wide {
                self.run_strip(simd, Range { len: 8, ..left }, Copy::None);
                left = Range { start: left.start + 8, len: left.len - 8 };
            }
            for _ in 0..left.len / 4 {
                self.run_strip(simd, Range { len: 4, ..left }, Copy::None);
                left = Range { start: left.start + 4, len: left.len - 4 };
            }
        }
        let strips = left.len.div_ceil(S::TILE_VECTORS);
        for j in 0..strips {
            let Range { start, len } = share(left.len, strips, j);
            let vectors = Range { start: left.start + start, len };
            let copy = match panel.as_deref_mut() {
                None => Copy::None,
                Some(panel) if self.b.column_stride == 1 => Copy::Room(panel.room()),
                Some(panel) => {
                    let (width, left) = self.columns::<S>(vectors);
                    let here = (left, width.min(self.b.columns - left));
                    let depth = (self.depth.start, self.depth.len);
                    // SAFETY: the part is within B, and the depth was chosen for the panel.
                    Copy::Made(unsafe { panel.fill(simd, self.b, depth, here, width) })
                }
            };
            self.run_strip(simd, vectors, copy);
        }
    }

    /// Returns the number of scalars in a range of vectors, and the column at which it begins.
    #[inline(always)]
    fn columns<S: Simd<T>>(&self, vectors: Range) -> (usize, usize) {
        (vectors.len * S::LANES, vectors.start * S::LANES)
    }

    /// Computes the strip of a range of vectors.
    #[inline(always)]
    fn run_strip<S: Simd<T>>(&self, simd: S, vectors: Range, copy: Copy<T>) {
        let (width, left) = self.columns::<S>(vectors);
        let columns = self.b.columns;
        let here = width.min(columns - left);
        let there = (self.b.at(self.depth.start, left), self.b.row_stride);
        let ((b, b_row), copy) = match copy {
            Copy::None => (there, ptr::null_mut()),
            Copy::Room(room) => (there, room),
            Copy::Made(copy) => ((copy, width), ptr::null_mut()),
        };
        let c = self.c.wrapping_add(self.rows.start * self.c_row + left);
        let start = match self.start {
            Start::Zero => Operand { at: ptr::null(), row: 0, column: 1 },
            Start::Row(bias) => Operand { at: bias.at(0, left), row: 0, column: 1 },
            Start::Output => Operand { at: c.cast_const(), row: self.c_row, column: 1 },
        };
        let strip = Strip {
            rows: self.rows.len,
            depth: self.depth.len,
            a: self.a,
            b,
            b_row,
            copy,
            start,
            c,
            c_row: self.c_row,
            last: here - (vectors.len - 1) * S::LANES,
        };
        // SAFETY: the strip consists of parts of A, B, the start and C, or of copies of them.
        unsafe { strip.run(simd, vectors.len) }
    }
}
