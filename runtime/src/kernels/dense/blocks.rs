//! A product cut into blocks that fit in the caches, and these into strips a few vectors wide.
//!
//! The depth is cut so that a strip of B fits in the first cache, the rows so that the block of A
//! fits in the second; the strip of B is copied side by side where that pays.

use super::pack::Panel;
use super::product::{Product, Start};
use super::strip::Strip;
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::ptr;

/// Bytes of B up to which it is read where it is: the first cache holds them.
const DIRECT_BYTES: usize = 16 * 1024;
/// Rows up to which B is read where it is: they use each element so seldom that copying it would
/// cost more than it saves.
const DIRECT_ROWS: usize = 8;
/// Bytes of a block of A: a part of the second cache.
const BLOCK_BYTES: usize = 192 * 1024;

/// A part of one axis.
#[derive(Clone, Copy)]
struct Range {
    start: usize,
    len: usize,
}

/// Part `i` of `parts`, when `all` are shared out as evenly as can be.
#[inline(always)]
fn share(all: usize, parts: usize, i: usize) -> Range {
    let (each, more) = (all / parts, all % parts);
    Range { start: i * each + i.min(more), len: each + usize::from(i < more) }
}

impl<T: Scalar> Product<'_, T> {
    /// Cuts the depth and the rows. `PANEL` is the size of the buffer for a strip of B in bytes.
    #[inline(always)]
    pub(super) fn run_blocks<S: Simd<T>, const INLINE: bool, const PANEL: usize>(
        mut self,
        simd: S,
    ) {
        let (rows, columns, depth) = (self.a.rows, self.b.columns, self.a.columns);
        let large = rows > DIRECT_ROWS && depth * columns * T::BYTES > DIRECT_BYTES;
        let pack = self.b.column_stride != 1 || (large && !INLINE);
        let mut panel = Panel::<PANEL>::new();
        let depth_blocks = if pack {
            depth.div_ceil(panel.rows::<T>(S::TILE_VECTORS * S::LANES)).max(1)
        } else {
            1
        };
        for k in 0..depth_blocks {
            let depth = share(depth, depth_blocks, k);
            let row_blocks =
                if INLINE { 1 } else { (rows * depth.len * T::BYTES).div_ceil(BLOCK_BYTES).max(1) };
            for i in 0..row_blocks {
                let rows = share(rows, row_blocks, i);
                let panel = if pack { Some(&mut panel) } else { None };
                self.run_block::<S, INLINE, PANEL>(simd, depth, rows, columns, panel);
            }
        }
    }

    /// Cuts the columns.
    #[inline(always)]
    fn run_block<S: Simd<T>, const INLINE: bool, const PANEL: usize>(
        &mut self,
        simd: S,
        depth: Range,
        rows: Range,
        columns: usize,
        mut panel: Option<&mut Panel<PANEL>>,
    ) {
        let vectors = columns.div_ceil(S::LANES);
        let mut done = 0;
        // Few rows leave registers for wide strips, whose sums hide each other's latency.
        if panel.is_none() {
            for _ in 0..if 8 * rows.len <= S::ACCUMULATORS { vectors / 8 } else { 0 } {
                self.run_strip::<S, INLINE, PANEL>(
                    simd,
                    depth,
                    rows,
                    Range { start: done, len: 8 },
                    None,
                );
                done += 8;
            }
            if 4 * rows.len < S::ACCUMULATORS && rows.len < 4 {
                for _ in 0..(vectors - done) / 4 {
                    self.run_strip::<S, INLINE, PANEL>(
                        simd,
                        depth,
                        rows,
                        Range { start: done, len: 4 },
                        None,
                    );
                    done += 4;
                }
            }
        }
        let left = vectors - done;
        let strips = left.div_ceil(S::TILE_VECTORS);
        for j in 0..strips {
            let Range { start, len } = share(left, strips, j);
            let part = Range { start: done + start, len };
            self.run_strip::<S, INLINE, PANEL>(simd, depth, rows, part, panel.as_deref_mut());
        }
    }

    /// Computes the columns of some `vectors`.
    #[inline(always)]
    fn run_strip<S: Simd<T>, const INLINE: bool, const PANEL: usize>(
        &mut self,
        simd: S,
        depth: Range,
        rows: Range,
        vectors: Range,
        panel: Option<&mut Panel<PANEL>>,
    ) {
        let (width, left) = (vectors.len * S::LANES, vectors.start * S::LANES);
        let (columns, a) = (self.b.columns, self.a);
        let here = width.min(columns - left);
        let (b, b_row) = match panel {
            // SAFETY: the part is in B, and the depth was chosen for the panel.
            Some(panel) => unsafe {
                (panel.fill(simd, self.b, (depth.start, depth.len), (left, here), width), width)
            },
            None => (self.b.at(depth.start, left), self.b.row_stride),
        };
        let c = self.c.as_mut_ptr().wrapping_add(rows.start * columns + left);
        let (start, start_row) = match &self.start {
            _ if depth.start > 0 => (c.cast_const(), columns),
            Start::Output => (c.cast_const(), columns),
            Start::Row(bias) => (bias.at(0, left), 0),
            Start::Zero => (ptr::null(), 0),
        };
        let strip = Strip {
            rows: rows.len,
            depth: depth.len,
            a: a.at(rows.start, depth.start),
            a_row: a.row_stride,
            a_column: a.column_stride,
            b,
            b_row,
            start,
            start_row,
            c,
            c_row: columns,
            last: here - (vectors.len - 1) * S::LANES,
        };
        // SAFETY: the strip is made of parts of A, B or the panel, the start, and C.
        unsafe { strip.run::<S, INLINE>(simd, vectors.len) }
    }
}
