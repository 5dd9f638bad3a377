//! A product cut into blocks that fit in the caches and into register tiles.
//!
//! The depth is cut so that a panel of B (a few vectors wide) fits in the first cache, the rows
//! so that the block of A fits in the second; a panel is copied side by side where that pays.

use super::matrix::Matrix;
use super::pack::Panel;
use super::product::{Product, Start};
use super::tile::Tile;
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::ptr;

/// Bytes of B up to which it is read where it is: the first cache holds them.
const DIRECT_BYTES: usize = 16 * 1024;
/// Bytes of a block of A: a part of the second cache.
const BLOCK_BYTES: usize = 192 * 1024;

/// A product with its result as a pointer, because tiles of several rows overlap as slices.
pub(super) struct Blocks<'a, T> {
    a: Matrix<'a, T>,
    b: Matrix<'a, T>,
    start: Start<'a, T>,
    c: &'a mut [T],
}

/// The part of the product that is being computed.
#[derive(Clone, Copy)]
struct Part {
    /// First column of A and row of B, and how many.
    depth: (usize, usize),
    /// First row of A and C, and how many.
    rows: (usize, usize),
    /// First column of B and C, and how many: at most `V` vectors.
    columns: (usize, usize),
}

impl<'a, T: Scalar> Blocks<'a, T> {
    #[inline(always)]
    pub fn new(product: Product<'a, T>) -> Self {
        let Product { a, b, start, c } = product;
        Self { a, b, start, c }
    }

    /// Computes all of it, with a panel of so many bytes.
    #[inline(always)]
    pub fn run<S: Simd<T>, const PANEL: usize>(mut self, simd: S) {
        let (rows, columns, depth) = (self.a.rows, self.b.columns, self.a.columns);
        // A few rows use each element of B so seldom that copying it costs more than it saves.
        let pack = self.b.column_stride != 1
            || (rows > 8 && depth * columns * T::BYTES > DIRECT_BYTES && PANEL > 8192);
        let widest = widest::<T, S>(rows);
        let depth_blocks = if pack {
            depth.div_ceil(Panel::<PANEL>::rows::<T>(widest * S::LANES)).max(1)
        } else {
            1
        };
        let mut panel = Panel::<PANEL>::new();
        for k in 0..depth_blocks {
            let depth = share(depth, depth_blocks, k);
            let block = if pack { BLOCK_BYTES / (T::BYTES * depth.1.max(1)) } else { rows };
            let row_blocks = rows.div_ceil(block);
            for i in 0..row_blocks {
                let rows = share(rows, row_blocks, i);
                let part = Part { depth, rows, columns: (0, columns) };
                self.columns::<S, PANEL>(simd, part, widest, pack, &mut panel);
            }
        }
    }

    /// Cuts the columns into panels of nearly the same width.
    #[inline(always)]
    fn columns<S: Simd<T>, const PANEL: usize>(
        &mut self,
        simd: S,
        part: Part,
        widest: usize,
        pack: bool,
        panel: &mut Panel<PANEL>,
    ) {
        let columns = self.b.columns;
        let vectors = columns.div_ceil(S::LANES);
        let panels = vectors.div_ceil(widest);
        for j in 0..panels {
            let (left, width) = share(vectors, panels, j);
            let (left, width) = (left * S::LANES, width * S::LANES);
            let here = width.min(columns - left);
            let part = Part { columns: (left, here), ..part };
            let b = if pack {
                // SAFETY: the part is in B, and the depth was chosen for the panel.
                unsafe { panel.fill(simd, self.b, part.depth, part.columns, width) }
            } else {
                self.b.start().wrapping_add(left + part.depth.0 * self.b.row_stride)
            };
            let b_row = if pack { width } else { self.b.row_stride };
            // SAFETY: b has the part's rows and columns.
            unsafe { self.panel(simd, part, b, b_row) }
        }
    }

    /// Computes a panel of C; the number of its vectors becomes a constant.
    ///
    /// # Safety
    /// `b` begins a panel of B with the part's depth and columns.
    #[inline(always)]
    unsafe fn panel<S: Simd<T>>(&mut self, simd: S, part: Part, b: *const T, b_row: usize) {
        let vectors = part.columns.1.div_ceil(S::LANES);
        let partial = part.columns.1 % S::LANES != 0;
        macro_rules! widths {
            ($($v:literal)*) => {
                match (vectors, partial) {
                    $(
                        ($v, false) => self.rows::<S, $v, false>(simd, part, b, b_row),
                        ($v, true) => self.rows::<S, $v, true>(simd, part, b, b_row),
                    )*
                    _ => unreachable!("panels have at most 8 vectors"),
                }
            };
        }
        // SAFETY: the caller's promise.
        unsafe { widths!(1 2 3 4 5 6 7 8) }
    }

    /// Cuts the rows into tiles of nearly the same height, whose number becomes a constant.
    ///
    /// # Safety
    /// As for [`panel`](Self::panel), with `V` the number of vectors.
    #[inline(always)]
    unsafe fn rows<S: Simd<T>, const V: usize, const PARTIAL: bool>(
        &mut self,
        simd: S,
        part: Part,
        b: *const T,
        b_row: usize,
    ) {
        let (top, rows) = part.rows;
        let (left, columns) = part.columns;
        let highest = (S::ACCUMULATORS / V).clamp(1, 8);
        let tiles = rows.div_ceil(highest);
        let width = self.b.columns;
        for i in 0..tiles {
            let (row, height) = share(rows, tiles, i);
            let row = top + row;
            let c = self.c.as_mut_ptr().wrapping_add(row * width + left);
            let (start, start_row) = match &self.start {
                _ if part.depth.0 > 0 => (c.cast_const(), width),
                Start::Output => (c.cast_const(), width),
                Start::Row(bias) => (bias.start().wrapping_add(left), 0),
                Start::Zero => (ptr::null(), 0),
            };
            let tile = Tile {
                depth: part.depth.1,
                a: self
                    .a
                    .start()
                    .wrapping_add(row * self.a.row_stride + part.depth.0 * self.a.column_stride),
                a_row: self.a.row_stride,
                a_column: self.a.column_stride,
                b,
                b_row,
                start,
                start_row,
                c,
                c_row: width,
                last: columns - (V - 1) * S::LANES,
            };
            macro_rules! heights {
                ($($r:literal)*) => {
                    match height {
                        $($r if $r * V <= S::ACCUMULATORS || $r == 1 => {
                            tile.run::<S, $r, V, PARTIAL>(simd)
                        })*
                        _ => unreachable!("tiles have at most 8 rows"),
                    }
                };
            }
            // SAFETY: the tile is part of A, of the panel and of C.
            unsafe { heights!(1 2 3 4 5 6 7 8) }
        }
    }
}

/// Vectors in a panel for so many rows: few rows leave registers for wide panels, and each
/// vector of sums hides the latency of another.
#[inline(always)]
fn widest<T: Scalar, S: Simd<T>>(rows: usize) -> usize {
    let free = (S::ACCUMULATORS / rows).min(8);
    if free > S::TILE_VECTORS { free } else { S::TILE_VECTORS }
}

/// The first and the number of the things that part `i` of `parts` gets, when `all` are shared
/// out as evenly as can be.
#[inline(always)]
fn share(all: usize, parts: usize, i: usize) -> (usize, usize) {
    let (each, more) = (all / parts, all % parts);
    if i < more { (i * (each + 1), each + 1) } else { (i * each + more, each) }
}
