//! C = start + A · B for any sizes and strides: selects the algorithm.

use super::blocks::{BLOCK_BYTES, DIRECT_BYTES, DIRECT_ROWS};
use super::dot;
use super::matrix::Matrix;
use crate::kernels::Store;
use crate::kernels::pitch::{AsRowsMut, Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The initial value of the sums of a product.
pub(super) enum Start<'a, T> {
    /// Zero.
    Zero,
    /// The same row for every row of C: a bias.
    Row(Matrix<'a, T>),
    /// The previous contents of C.
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

/// A matrix product to be computed: C = start + A · B. The rows of C are contiguous.
pub struct Product<'a, T> {
    pub(super) a: Matrix<'a, T>,
    pub(super) b: Matrix<'a, T>,
    pub(super) start: Start<'a, T>,
    /// C, up to its last element.
    pub(super) c: &'a mut [T],
    /// Stride between the rows of C, in scalars.
    pub(super) c_row: usize,
}

/// A strided operand of a product.
#[derive(Clone, Copy)]
pub struct Strided<'a, T> {
    /// The memory, beginning with the first element.
    pub data: &'a [T],
    /// The strides between rows and between columns, in scalars.
    pub strides: [usize; 2],
}

impl<'a, T: Scalar> Product<'a, T> {
    /// y = x · weight + bias, with the shapes `[rows, inputs]`, `[inputs, outputs]` and `[1, outputs]`; y
    /// is `[rows, outputs]`.
    #[inline(always)]
    pub(super) fn forward(
        x: Rows<'a, T>,
        weight: Matrix<'a, T>,
        bias: Option<Rows<'a, T>>,
        y: RowsMut<'a, T>,
    ) -> Self {
        let start = bias.map_or(Start::Zero, |bias| Start::Row(bias.into()));
        Self::new(x.into(), weight, start, y)
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
        // with one output, dwᵀ = dyᵀ · x has whole vectors, in the same memory
        let (a, b) = if dy.columns == 1 { (dy.transposed(), x) } else { (x.transposed(), dy) };
        Self::new(a, b, Start::from(store), dw.as_rows_mut(a.rows, b.columns))
    }

    /// db = (a row of ones) · dy.
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

    /// C = A · B, or added to C, for sizes `[rows, depth, columns]` and any strides, except that the rows
    /// of C are contiguous. Scalars between the rows of C are not changed.
    ///
    /// # Panics
    /// If a slice ends before its last element, or rows of C overlap.
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

    /// Returns the product of A and B to be stored in C.
    #[inline(always)]
    fn new(a: Matrix<'a, T>, b: Matrix<'a, T>, start: Start<'a, T>, c: RowsMut<'a, T>) -> Self {
        debug_assert!(a.columns == b.rows && b.columns == c.len);
        Self { a, b, start, c_row: c.pitch.max(c.len), c: c.data }
    }

    /// Returns true if the product copies no block of A and no large part of B: B fits into the L1 cache,
    /// there are few rows, or it is a few dot products. The buffers of the others, 192 KiB of stack, cost as
    /// much as 12,000 multiplications, because each page of a large frame is touched on entry.
    #[inline(always)]
    pub(in crate::kernels) fn is_direct(&self) -> bool {
        let Self { a, b, .. } = self;
        b.rows * b.columns * T::BYTES <= DIRECT_BYTES
            || a.rows <= DIRECT_ROWS && b.column_stride == 1
            || self.dots().is_some()
    }

    /// Returns the dot products that the product consists of, if it has few columns or rows and both
    /// operands are contiguous along the sums.
    #[inline(always)]
    fn dots(&self) -> Option<Dots> {
        let Self { a, b, .. } = self;
        if a.column_stride != 1 || b.row_stride != 1 {
            return None;
        }
        if b.columns <= dot::MAX_DOTS {
            return Some(Dots::Columns);
        }
        (a.rows <= dot::MAX_DOTS && b.column_stride != 1).then_some(Dots::Rows)
    }

    /// Computes a [direct](Self::is_direct) product, with little stack space.
    #[inline(always)]
    pub(in crate::kernels) fn run_direct<S: Simd<T>>(self, simd: S) {
        if self.c.is_empty() {
            return;
        }
        match self.dots() {
            Some(Dots::Columns) => {
                dot::columns(simd, self.a, self.b, self.start, self.c, self.c_row);
            }
            Some(Dots::Rows) => dot::rows(simd, self.a, self.b, self.start, self.c, self.c_row),
            None if self.is_vector() && self.is_swept::<S>() => self.run_swept(simd),
            None if self.is_vector() => self.run_vector(simd),
            None => self.run_blocks::<S, 8192, 0>(simd),
        }
    }

    /// Computes any other product, blocked for the caches.
    #[inline(always)]
    pub(in crate::kernels) fn run_blocked<S: Simd<T>>(self, simd: S) {
        if !self.c.is_empty() {
            self.run_blocks::<S, 65536, BLOCK_BYTES>(simd);
        }
    }
}

/// The dot products that a product consists of: those of each row of A with a few columns of B, or of a
/// few rows of A with each column of B.
enum Dots {
    Columns,
    Rows,
}
