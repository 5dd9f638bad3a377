//! Conversions of tensors from and to vectors, nested arrays and nalgebra matrices.

use super::Tensor;
use crate::buffer::Buffer;
use crate::element::Element;
use nalgebra::{Const, DMatrix, DMatrixView, DMatrixViewMut, Dyn, Matrix, RawStorage};

impl<T: Element> Tensor<T> {
    /// Returns a view as a matrix whose columns are the rows of the leading axis: for a batch, one column
    /// per sample. Nothing is copied.
    #[must_use]
    pub fn as_matrix(&self) -> DMatrixView<'_, T> {
        let (rows, columns) = self.matrix_shape();
        DMatrixView::from_slice(&self.values, rows, columns)
    }

    /// Returns a mutable view as a matrix; see [`as_matrix`](Self::as_matrix).
    #[must_use]
    pub fn as_matrix_mut(&mut self) -> DMatrixViewMut<'_, T> {
        let (rows, columns) = self.matrix_shape();
        DMatrixViewMut::from_slice(&mut self.values, rows, columns)
    }

    fn matrix_shape(&self) -> (usize, usize) {
        // the length of a row may overflow if the tensor is empty
        let rows = if self.is_empty() { self.row_len() % usize::MAX } else { self.row_len() };
        (rows, self.row_count())
    }

    /// Returns the scalars in the order of memory.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.values.to_vec()
    }

    fn of(shape: &[usize], values: &[T]) -> Self {
        Self { shape: shape.to_vec(), values: Buffer::from_slice(values) }
    }
}

/// Returns a tensor of rank 1.
impl<T: Element> From<Vec<T>> for Tensor<T> {
    fn from(values: Vec<T>) -> Self {
        Self::from(values.as_slice())
    }
}

/// Returns a tensor of rank 1.
impl<T: Element> From<&[T]> for Tensor<T> {
    fn from(values: &[T]) -> Self {
        Self::of(&[values.len()], values)
    }
}

/// Returns a tensor of rank 1.
impl<T: Element, const A: usize> From<[T; A]> for Tensor<T> {
    fn from(values: [T; A]) -> Self {
        Self::of(&[A], &values)
    }
}

/// Returns a tensor of rank 2.
impl<T: Element, const A: usize, const B: usize> From<[[T; B]; A]> for Tensor<T> {
    fn from(values: [[T; B]; A]) -> Self {
        Self::of(&[A, B], values.as_flattened())
    }
}

/// Returns a tensor of rank 3.
impl<T: Element, const A: usize, const B: usize, const C: usize> From<[[[T; C]; B]; A]>
    for Tensor<T>
{
    fn from(values: [[[T; C]; B]; A]) -> Self {
        Self::of(&[A, B, C], values.as_flattened().as_flattened())
    }
}

impl<T: Element> From<Tensor<T>> for Vec<T> {
    fn from(tensor: Tensor<T>) -> Self {
        tensor.into_vec()
    }
}

/// Converts a matrix with one column per sample into a batch, of shape `[columns, rows]`.
impl<T: Element, S: RawStorage<T, Dyn, Dyn>> From<Matrix<T, Dyn, Dyn, S>> for Tensor<T> {
    fn from(matrix: Matrix<T, Dyn, Dyn, S>) -> Self {
        let mut tensor = Self::zeros([matrix.ncols(), matrix.nrows()]);
        tensor.as_matrix_mut().copy_from(&matrix);
        tensor
    }
}

/// Converts a vector into a tensor of rank 1.
impl<T: Element, S: RawStorage<T, Dyn, Const<1>>> From<Matrix<T, Dyn, Const<1>, S>> for Tensor<T> {
    fn from(vector: Matrix<T, Dyn, Const<1>, S>) -> Self {
        Self::from_fn([vector.len()], |i| vector[i])
    }
}

/// Converts a batch into a matrix with one column per sample; see [`Tensor::as_matrix`].
impl<T: Element> From<&Tensor<T>> for DMatrix<T> {
    fn from(tensor: &Tensor<T>) -> Self {
        tensor.as_matrix().into_owned()
    }
}
