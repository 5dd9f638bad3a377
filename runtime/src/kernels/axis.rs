//! Operations along the middle axis of `[outer, n, inner]`, that is, along any axis of a row-major
//! tensor.
//!
//! If `inner` is 1, the axis is contiguous, and kernels for rows are used. Otherwise up to 64 adjacent
//! columns are processed together: the innermost loops run over contiguous scalars and are
//! vectorised.

use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use std::array::from_fn;
use std::ops::Range;

pub mod cumsum;
pub mod logsumexp;
pub mod min_max;
pub mod norm;
pub mod softmax;

/// The sizes of a tensor `[outer, len, inner]` around an axis.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The product of the sizes before the axis, samples included.
    pub outer: usize,
    /// The size of the axis.
    pub len: usize,
    /// The product of the sizes after the axis.
    pub inner: usize,
}

/// Number of columns that are processed together: their intermediate values stay in the L1 cache.
const WIDTH: usize = 64;

/// Number of rows that are summed in the scalar's own precision. Longer sums accumulate the blocks in
/// `f64`, so that the error does not grow with the axis.
const BLOCK: usize = 32;

/// One scalar per column of a piece.
type Columns<T> = [T; WIDTH];

/// Adjacent columns of one block `[n, inner]`.
#[derive(Clone, Copy)]
struct Piece {
    /// The index of the block.
    block: usize,
    /// The first column.
    column: usize,
    /// Number of rows.
    n: usize,
    /// Stride between rows, in scalars.
    inner: usize,
    /// Number of columns, at most [`WIDTH`].
    width: usize,
}

impl Piece {
    /// All pieces of `[outer, n, inner]`, one after the other. (A loop, and no closure: one that is
    /// not inlined is not compiled for the instruction set.)
    #[inline(always)]
    fn each(outer: usize, n: usize, inner: usize) -> Pieces {
        Pieces { outer, next: Self { block: 0, column: 0, n, inner, width: WIDTH.min(inner) } }
    }

    /// Returns the piece's part of row `index` of a tensor. A reduced tensor only has row 0.
    #[inline(always)]
    fn row<'a, T>(self, x: &Rows<'a, T>, index: usize) -> &'a [T] {
        &x.data[self.range(x.pitch, index)]
    }

    /// Returns the piece's part of a row, mutably.
    #[inline(always)]
    fn row_mut<'a, T>(self, x: &'a mut RowsMut<'_, T>, index: usize) -> &'a mut [T] {
        &mut x.data[self.range(x.pitch, index)]
    }

    #[inline(always)]
    fn range(self, pitch: usize, index: usize) -> Range<usize> {
        let start = self.block * pitch + index * self.inner + self.column;
        start..start + self.width
    }

    /// Applies `change` to the value of each column. It loops over `width`, where `map` would unroll to
    /// [`WIDTH`] copies of `change`.
    #[inline(always)]
    fn change<T: Scalar>(self, columns: &mut Columns<T>, change: impl Fn(T) -> T) {
        columns[..self.width].iter_mut().for_each(|column| *column = change(*column));
    }

    /// Reduces the rows of K tensors with `join`, column by column, after mapping them with `term`.
    #[inline(always)]
    fn fold<T: Scalar, const K: usize>(
        self,
        x: [Rows<'_, T>; K],
        start: T,
        term: impl Fn([T; K], usize) -> T,
        join: impl Fn(T, T) -> T,
    ) -> Columns<T> {
        let mut columns = [start; WIDTH];
        for row in 0..self.n {
            let x: [&[T]; K] = from_fn(|k| self.row(&x[k], row));
            for (j, column) in columns[..self.width].iter_mut().enumerate() {
                *column = join(*column, term(from_fn(|k| x[k][j]), j));
            }
        }
        columns
    }

    /// Sums the rows of K tensors, column by column, after mapping them with `term`.
    #[inline(always)]
    fn sum<T: Scalar, const K: usize>(
        self,
        x: [Rows<'_, T>; K],
        term: impl Fn([T; K], usize) -> T,
    ) -> Columns<T> {
        self.sum_rows(|row, sums| {
            let x: [&[T]; K] = from_fn(|k| self.row(&x[k], row));
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum += term(from_fn(|k| x[k][j]), j);
            }
        })
    }

    /// Sums every column. `add` adds one row to the sums.
    #[inline(always)]
    fn sum_rows<T: Scalar>(self, mut add: impl FnMut(usize, &mut [T])) -> Columns<T> {
        let mut totals = [0.0; WIDTH];
        let mut first = 0;
        loop {
            let end = self.n.min(first + BLOCK);
            let mut sums = [T::ZERO; WIDTH];
            for row in first..end {
                add(row, &mut sums[..self.width]);
            }
            if self.n <= BLOCK {
                return sums;
            }
            for (total, sum) in totals[..self.width].iter_mut().zip(&mut sums) {
                *total += sum.to_f64();
                *sum = T::from_f64(*total);
            }
            if end == self.n {
                return sums;
            }
            first = end;
        }
    }

    /// Stores `term` of each row of K tensors and of each column's value into `to`.
    #[inline(always)]
    fn spread<T: Scalar, const K: usize>(
        self,
        x: [Rows<'_, T>; K],
        columns: &Columns<T>,
        to: &mut RowsMut<'_, T>,
        store: Store,
        term: impl Fn([T; K], T) -> T,
    ) {
        for row in 0..self.n {
            let x: [&[T]; K] = from_fn(|k| self.row(&x[k], row));
            for (j, to) in self.row_mut(to, row).iter_mut().enumerate() {
                store.put(to, term(from_fn(|k| x[k][j]), columns[j]));
            }
        }
    }
}

/// Pieces that are left.
struct Pieces {
    outer: usize,
    next: Piece,
}

impl Iterator for Pieces {
    type Item = Piece;

    #[inline(always)]
    fn next(&mut self) -> Option<Piece> {
        let Self { outer, next } = self;
        if next.block >= *outer || next.inner == 0 {
            return None;
        }
        let piece = *next;
        next.column += next.width;
        if next.column == next.inner {
            (next.block, next.column) = (next.block + 1, 0);
        }
        next.width = WIDTH.min(next.inner - next.column);
        Some(piece)
    }
}

#[cfg(test)]
mod tests;
