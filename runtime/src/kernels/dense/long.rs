//! Products with long sums, split into shorter ones that are accumulated in `f64`.
//!
//! Other products accumulate the blocks of a sum in C; with hundreds of blocks, each addition would
//! lose more digits than the one before. Long sums are accumulated in a buffer on the stack instead,
//! one part of C at a time.

use super::Product;
use super::product::Start;
use crate::kernels::Store;
use crate::kernels::outline::Outline;
use crate::scalar::Scalar;

/// Number of terms of a sum whose blocks are accumulated in C: 128 blocks.
pub(super) const TERMS_IN_C: usize = 32 * 1024;
/// Number of scalars of a part of C.
const PART: usize = 8192;
/// Number of rows of a part: as many as a block has in the caches.
const ROWS: usize = 64;

impl<T: Scalar> Product<'_, T> {
    /// Whether its sums are to be cut. (In `f64`, as many terms as fit into memory lose nothing.)
    pub(in crate::kernels) fn is_long(&self) -> bool {
        self.a.columns > TERMS_IN_C && T::BYTES < size_of::<f64>()
    }

    /// Computes a long product.
    #[inline(never)]
    pub(in crate::kernels) fn run_long<I: Outline<T>>(self, isa: I) {
        let Self { a, b, start, c, c_row } = self;
        for (rows @ (top, height), columns @ (left, width)) in parts(a.rows, b.columns, PART) {
            let mut sums = Sums::<T, PART>::new(height * width);
            for first in (0..a.columns).step_by(TERMS_IN_C) {
                let depth = (first, TERMS_IN_C.min(a.columns - first));
                let (a, b) = (a.part(rows, depth), b.part(depth, columns));
                sums.add(|c| isa.product(Product { a, b, start: Start::Zero, c, c_row: width }));
            }
            let c = &mut c[top * c_row + left..];
            match start {
                Start::Output => sums.put(c, width, c_row, Store::Add),
                Start::Zero => sums.put(c, width, c_row, Store::Set),
                Start::Row(bias) => {
                    for row in c.chunks_mut(c_row).take(height) {
                        row[..width].copy_from_slice(&bias.first_row()[left..][..width]);
                    }
                    sums.put(c, width, c_row, Store::Add);
                }
            }
        }
    }
}

/// Splits a matrix into parts of up to `len` scalars. Each is a range of rows and a range of columns,
/// as (first, count).
pub(in crate::kernels) fn parts(
    rows: usize,
    columns: usize,
    len: usize,
) -> impl Iterator<Item = ((usize, usize), (usize, usize))> {
    let height = ROWS.min(rows).max(1);
    let width = len / height;
    (0..rows).step_by(height).flat_map(move |top| {
        let rows = (top, height.min(rows - top));
        (0..columns).step_by(width).map(move |left| (rows, (left, width.min(columns - left))))
    })
}

/// Sums in `f64`, on the stack, of terms that are computed one buffer at a time.
pub(in crate::kernels) struct Sums<T, const N: usize> {
    terms: [T; N],
    totals: [f64; N],
    len: usize,
}

impl<T: Scalar, const N: usize> Sums<T, N> {
    /// Returns `len` sums of zero.
    #[inline(always)]
    pub fn new(len: usize) -> Self {
        Self { terms: [T::ZERO; N], totals: [0.0; N], len }
    }

    /// Adds a buffer that `put` fills. Before the call, the buffer holds the previous terms.
    #[inline(always)]
    pub fn add(&mut self, put: impl FnOnce(&mut [T])) {
        let terms = &mut self.terms[..self.len];
        put(terms);
        for (total, term) in self.totals.iter_mut().zip(terms) {
            *total += term.to_f64();
        }
    }

    /// Stores the sums into rows of `width` scalars with a stride of `pitch`.
    pub fn put(&self, c: &mut [T], width: usize, pitch: usize, store: Store) {
        for (sums, c) in self.totals[..self.len].chunks_exact(width).zip(c.chunks_mut(pitch)) {
            for (c, sum) in c.iter_mut().zip(sums) {
                store.put(c, T::from_f64(*sum));
            }
        }
    }
}
