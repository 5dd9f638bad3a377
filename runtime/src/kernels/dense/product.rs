//! C = start + A · B for any sizes and strides: the choice of the way, and the two ways in.

use super::blocks::{BLOCK_BYTES, DIRECT_BYTES};
use super::dot;
use super::matrix::Matrix;
use crate::kernels::Store;
use crate::kernels::pitch::{AsRowsMut, Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// What the sums of a product begin with.
pub(super) enum Start<'a, T> {
    /// Zero.
    Zero,
    /// The same row everywhere: a bias.
    Row(Matrix<'a, T>),
    /// What C holds.
    Output,
}

impl<T> Clone for Start<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Start<'_, T> {}

impl<T> From<Store> for Start<'_, T> {
    #[inline(always)]
    fn from(store: Store) -> Self {
        match store {
            Store::Set => Self::Zero,
            Store::Add => Self::Output,
        }
    }
}

/// A matrix product that is still to be computed: C = start + A · B, the elements of a row of C
/// side by side.
pub struct Product<'a, T> {
    pub(super) a: Matrix<'a, T>,
    pub(super) b: Matrix<'a, T>,
    pub(super) start: Start<'a, T>,
    /// To the last element, and no further.
    pub(super) c: &'a mut [T],
    /// Scalars from a row of C to the next.
    pub(super) c_row: usize,
}

/// An operand of a product, by memory and strides (row, column).
#[derive(Clone, Copy)]
pub struct Strided<'a, T> {
    /// From the first element on.
    pub data: &'a [T],
    /// Scalars from a row to the next, and from a column to the next.
    pub strides: [usize; 2],
}

impl<'a, T: Scalar> Product<'a, T> {
    /// y = x · weight + bias: `[rows, inputs]`, `[inputs, outputs]`, `[1, outputs]`, y as many rows
    /// of outputs.
    #[inline(always)]
    pub(super) fn forward(
        x: Rows<'a, T>,
        weight: Rows<'a, T>,
        bias: Option<Rows<'a, T>>,
        y: RowsMut<'a, T>,
    ) -> Self {
        let start = bias.map_or(Start::Zero, |bias| Start::Row(bias.into()));
        Self::new(x.into(), weight.into(), start, y)
    }

    /// dx = dy · weightᵀ.
    #[inline(always)]
    pub(super) fn input_gradient(
        dy: Rows<'a, T>,
        weight: Rows<'a, T>,
        dx: RowsMut<'a, T>,
        store: Store,
    ) -> Self {
        Self::new(dy.into(), Matrix::from(weight).transposed(), Start::from(store), dx)
    }

    /// dw = xᵀ · dy.
    #[inline(always)]
    pub(super) fn weight_gradient(
        x: Rows<'a, T>,
        dy: Rows<'a, T>,
        dw: &'a mut [T],
        store: Store,
    ) -> Self {
        let (x, dy) = (Matrix::from(x), Matrix::from(dy));
        // A column in memory is a row: with one output, dwᵀ = dyᵀ · x has whole vectors.
        let (a, b) = if dy.columns == 1 { (dy.transposed(), x) } else { (x.transposed(), dy) };
        Self::new(a, b, Start::from(store), dw.as_rows_mut(a.rows, b.columns))
    }

    /// db = a row of ones · dy.
    #[inline(always)]
    pub(super) fn bias_gradient(
        one: &'a T,
        dy: Rows<'a, T>,
        db: &'a mut [T],
        store: Store,
    ) -> Self {
        let (ones, dy) = (Matrix::repeated(one, 1, dy.count), Matrix::from(dy));
        Self::new(ones, dy, Start::from(store), db.as_rows_mut(1, dy.columns))
    }

    /// C = A · B, or that added to C, for sizes `[rows, depth, columns]` and any strides, but for
    /// the rows of C, whose elements are side by side. Scalars between the rows of C are left alone.
    ///
    /// # Panics
    /// When a slice ends before its last element, or rows of C overlap.
    #[inline(always)]
    pub fn strided(
        [rows, depth, columns]: [usize; 3],
        a: Strided<'a, T>,
        b: Strided<'a, T>,
        c: &'a mut [T],
        c_row: usize,
        store: Store,
    ) -> Self {
        let a = Matrix::strided(a.data, [rows, depth], a.strides, "the left side");
        let b = Matrix::strided(b.data, [depth, columns], b.strides, "the right side");
        let c = RowsMut::new(c, [rows, columns], c_row);
        Self::new(a, b, Start::from(store), c)
    }

    /// C with as many rows as A and as many columns as B.
    #[inline(always)]
    fn new(a: Matrix<'a, T>, b: Matrix<'a, T>, start: Start<'a, T>, c: RowsMut<'a, T>) -> Self {
        debug_assert!(a.columns == b.rows && b.columns == c.len);
        Self { a, b, start, c_row: c.pitch.max(c.len), c: c.data }
    }

    /// Whether B is so small that the first cache holds it.
    pub(in crate::kernels) fn is_small(&self) -> bool {
        self.b.rows * self.b.columns * T::BYTES <= DIRECT_BYTES
    }

    /// Computes a small product, without the room on the stack that others need.
    #[inline(always)]
    pub(in crate::kernels) fn run_small<S: Simd<T>>(self, simd: S) {
        self.run::<S, 8192, 0>(simd);
    }

    /// Computes it with blocks for the caches, for products of any size.
    #[inline(always)]
    pub(in crate::kernels) fn run_blocked<S: Simd<T>>(self, simd: S) {
        self.run::<S, 65536, BLOCK_BYTES>(simd);
    }

    /// Chooses the way. `PANEL` and `BLOCK` are the sizes of buffers in bytes.
    #[inline(always)]
    fn run<S: Simd<T>, const PANEL: usize, const BLOCK: usize>(self, simd: S) {
        if self.c.is_empty() {
            return;
        }
        let (a, b) = (self.a, self.b);
        let along_memory = a.column_stride == 1 && b.row_stride == 1;
        if along_memory && b.columns <= dot::FEW {
            dot::columns(simd, a, b, self.start, self.c, self.c_row);
        } else if along_memory && a.rows <= dot::FEW && b.column_stride != 1 {
            dot::rows(simd, a, b, self.start, self.c, self.c_row);
        } else {
            self.run_blocks::<S, PANEL, BLOCK>(simd);
        }
    }
}
