//! Arrays of any rank.

use crate::buffer::{Buffer, Excerpt};
use crate::element::Element;
use crate::error::{Error, Result};
use std::fmt;
use std::ops::{Index, IndexMut};

mod convert;
#[cfg(test)]
mod tests;

/// An owned array of any rank, row-major (the last axis varies fastest), aligned to 64 bytes.
///
/// A batch is a tensor whose leading axis counts the samples. A nalgebra matrix with one column per
/// sample has the same memory layout, so that the two can be converted into each other
/// ([`as_matrix`](Self::as_matrix), `Tensor::from(matrix)`).
///
/// ```
/// use monograd::Tensor;
///
/// let mut scores = Tensor::from([[0.1, 0.9, 0.3], [0.8, 0.2, 0.5]]);
/// assert_eq!(scores.shape(), [2, 3]);
/// scores[[1, 2]] = 1.0;
/// assert_eq!(scores.row(1), [0.8, 0.2, 1.0]);
/// assert_eq!(scores.argmax().as_slice(), [1, 2]);
/// ```
#[derive(PartialEq)]
pub struct Tensor<T = f32> {
    shape: Vec<usize>,
    values: Buffer<T>,
}

/// Returns the number of scalars of a shape (`usize::MAX` on overflow).
pub(crate) fn count(shape: &[usize]) -> usize {
    if shape.contains(&0) {
        return 0;
    }
    shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size))
}

impl<T: Element> Tensor<T> {
    /// Returns a tensor of zeros.
    ///
    /// # Panics
    /// If there is not enough memory; [`try_zeros`](Self::try_zeros) returns an error instead.
    #[must_use]
    pub fn zeros(shape: impl AsRef<[usize]>) -> Self {
        match Self::try_zeros(shape) {
            Ok(tensor) => tensor,
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns a tensor of zeros. For shapes that come from data.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if there is not enough memory.
    pub fn try_zeros(shape: impl AsRef<[usize]>) -> Result<Self> {
        let shape = shape.as_ref();
        let what = || format!("a tensor of shape {shape:?}");
        Ok(Self { shape: shape.to_vec(), values: Buffer::zeros_for(count(shape), what)? })
    }

    /// Returns a tensor filled with `value`.
    ///
    /// # Panics
    /// If there is not enough memory.
    #[must_use]
    pub fn full(shape: impl AsRef<[usize]>, value: T) -> Self {
        let mut tensor = Self::zeros(shape);
        tensor.values.fill(value);
        tensor
    }

    /// Returns a tensor whose scalars are `f(0)`, `f(1)`, ... in the order of memory.
    ///
    /// # Panics
    /// If there is not enough memory.
    #[must_use]
    pub fn from_fn(shape: impl AsRef<[usize]>, f: impl FnMut(usize) -> T) -> Self {
        let mut tensor = Self::zeros(shape);
        tensor.values.iter_mut().zip((0..).map(f)).for_each(|(slot, value)| *slot = value);
        tensor
    }

    /// Returns a tensor of this shape with a copy of `values`, the last axis varying fastest.
    ///
    /// # Errors
    /// [`Error::TensorLength`] if the number of values does not match the shape.
    pub fn from_slice(shape: impl AsRef<[usize]>, values: &[T]) -> Result<Self> {
        let shape = checked(shape.as_ref(), values.len())?;
        Ok(Self { shape, values: Buffer::from_slice(values) })
    }

    /// Like [`from_slice`](Self::from_slice), but consumes a vector.
    ///
    /// # Errors
    /// [`Error::TensorLength`] if the number of values does not match the shape.
    pub fn from_vec(shape: impl AsRef<[usize]>, values: Vec<T>) -> Result<Self> {
        Self::from_slice(shape, &values)
    }

    /// Returns the same scalars in another shape.
    ///
    /// # Errors
    /// [`Error::TensorLength`] if that shape has another number of scalars.
    pub fn reshape(self, shape: impl AsRef<[usize]>) -> Result<Self> {
        let shape = checked(shape.as_ref(), self.len())?;
        Ok(Self { shape, values: self.values })
    }

    /// Returns the index of the largest scalar along the last axis, the first one of equals. A NaN counts
    /// as the largest, as in PyTorch. The result has the shape without its last axis.
    ///
    /// # Panics
    /// If the last axis has size 0.
    #[must_use]
    pub fn argmax(&self) -> Tensor<u32> {
        let (&last, leading) = self.shape.split_last().unwrap_or((&1, &[]));
        assert!(last > 0, "argmax over an axis of size 0 (shape {:?})", self.shape);
        Tensor::from_fn(leading, |row| {
            let row = &self.values[row * last..(row + 1) * last];
            let is_nan = |x: T| x.partial_cmp(&x).is_none();
            let best = (1..last).fold(0, |best, i| {
                if row[i] > row[best] || (is_nan(row[i]) && !is_nan(row[best])) { i } else { best }
            });
            best as u32
        })
    }
}

impl<T> Tensor<T> {
    /// Returns the sizes of all axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Returns the number of axes.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Returns the number of scalars.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Returns true if there are no scalars.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns all scalars in the order of memory.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// Returns all scalars in the order of memory, mutably.
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// Iterates over all scalars in the order of memory.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.values.iter()
    }

    /// Returns the scalar at `index` (one number per axis), or `None` if there is none.
    #[must_use]
    pub fn get(&self, index: impl AsRef<[usize]>) -> Option<&T> {
        self.position(index.as_ref()).map(|i| &self.values[i])
    }

    /// Returns the scalar at `index` (one number per axis) mutably, or `None` if there is none.
    #[must_use]
    pub fn get_mut(&mut self, index: impl AsRef<[usize]>) -> Option<&mut T> {
        self.position(index.as_ref()).map(|i| &mut self.values[i])
    }

    /// Iterates over the rows along the leading axis, each as a slice: the samples of a batch. A tensor
    /// of rank 0 is one row.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[T]> {
        (0..self.row_count()).map(|i| self.row(i))
    }

    /// Returns row `i` along the leading axis.
    ///
    /// # Panics
    /// If there is no row `i`.
    #[must_use]
    pub fn row(&self, i: usize) -> &[T] {
        &self.values[self.row_range(i)]
    }

    /// Returns row `i` along the leading axis, mutably.
    ///
    /// # Panics
    /// If there is no row `i`.
    #[must_use]
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        let range = self.row_range(i);
        &mut self.values[range]
    }

    fn row_count(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Returns the number of scalars of a row: of a sample, if the leading axis counts samples.
    pub(crate) fn row_len(&self) -> usize {
        self.shape.get(1..).map_or(1, count)
    }

    fn row_range(&self, i: usize) -> std::ops::Range<usize> {
        let rows = self.row_count();
        assert!(i < rows, "row {i} of a tensor with {rows} (shape {:?})", self.shape);
        i * self.row_len()..(i + 1) * self.row_len()
    }

    fn position(&self, index: &[usize]) -> Option<usize> {
        if index.len() != self.shape.len() {
            return None;
        }
        index
            .iter()
            .zip(&self.shape)
            .try_fold(0, |position, (&i, &size)| (i < size).then_some(position * size + i))
    }
}

/// Returns the shape if it has `actual` scalars, else an error.
fn checked(shape: &[usize], actual: usize) -> Result<Vec<usize>> {
    let (shape, expected) = (shape.to_vec(), count(shape));
    if expected == actual {
        Ok(shape)
    } else {
        Err(Error::TensorLength { shape, expected, actual })
    }
}

/// # Panics
/// If there is no such scalar.
impl<T, const RANK: usize> Index<[usize; RANK]> for Tensor<T> {
    type Output = T;
    fn index(&self, index: [usize; RANK]) -> &T {
        match self.position(&index) {
            Some(i) => &self.values[i],
            None => panic!("no index {index:?} in a tensor of shape {:?}", self.shape),
        }
    }
}

/// # Panics
/// If there is no such scalar.
impl<T, const RANK: usize> IndexMut<[usize; RANK]> for Tensor<T> {
    fn index_mut(&mut self, index: [usize; RANK]) -> &mut T {
        match self.position(&index) {
            Some(i) => &mut self.values[i],
            None => panic!("no index {index:?} in a tensor of shape {:?}", self.shape),
        }
    }
}

impl<T: Element> Clone for Tensor<T> {
    fn clone(&self) -> Self {
        Self { shape: self.shape.clone(), values: self.values.clone() }
    }
}

impl<'a, T> IntoIterator for &'a Tensor<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor {:?} ", self.shape)?;
        Excerpt(&self.values).fmt(f)
    }
}
