//! The types of data that a network accepts.

use crate::buffer::Buffer;
use crate::element::Element;
use crate::tensor::Tensor;
use nalgebra::{Dim, IsContiguous, Matrix, RawStorage};

mod anything;
mod data_shape;
mod extent;
mod feed;
mod lengths;
mod steps;
mod views;

pub use anything::Anything;
pub use data_shape::DataShape;
pub(crate) use extent::shape_text;
pub use extent::{Extent, Length, MAX_LENGTHS, Requirement};
pub use feed::{Feed, same_batch};
pub(crate) use lengths::{Finder, Given, Lengths};
pub use steps::{StepAxis, StepRange, StepRoom, Steps};
pub use views::{MAX_PORTS, Port, Views};

/// A batch of elements, one sample after the other: a slice, a vector, a (nested) array, a [`Tensor`],
/// or a nalgebra matrix with one column per sample.
///
/// A view of some columns of a matrix is not accepted, since its type does not tell that it is
/// contiguous; `into_owned()` turns it into a matrix.
///
/// ```
/// use monograd::source::DataShape;
/// use monograd::{Source, Tensor};
///
/// /// Returns the largest number of a batch, however it is held.
/// fn largest(batch: &impl Source<f32>) -> f32 {
///     batch.elements().iter().copied().fold(f32::NEG_INFINITY, f32::max)
/// }
///
/// assert_eq!(largest(&[[1.0, 2.0], [4.0, 3.0]]), 4.0);
/// assert_eq!(largest(&vec![0.5, 0.25]), 0.5);
/// let tensor = Tensor::from([[1.0, 2.0], [4.0, 3.0]]);
/// assert_eq!((largest(&tensor), tensor.form()), (4.0, DataShape::Axes(2, &[2])));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold a batch of `{E}`",
    label = "expected slices, vectors, arrays, tensors or matrices of `{E}`"
)]
pub trait Source<E> {
    /// Returns all elements, sample by sample.
    fn elements(&self) -> &[E];

    /// Returns the shape of the data as far as its type tells: the sizes of nested arrays, the axes of a
    /// tensor (if there are two or more), the rows of a matrix. A nalgebra vector is flat data.
    fn form(&self) -> DataShape<'_> {
        DataShape::Flat
    }
}

impl<E: Element> Source<E> for [E] {
    fn elements(&self) -> &[E] {
        self
    }
}

impl<E: Element> Source<E> for Vec<E> {
    fn elements(&self) -> &[E] {
        self
    }
}

impl<E: Element> Source<E> for Buffer<E> {
    fn elements(&self) -> &[E] {
        self
    }
}

impl<E: Element, const N: usize> Source<E> for [E; N] {
    fn elements(&self) -> &[E] {
        self
    }
}

impl<E: Element, const M: usize> Source<E> for [[E; M]] {
    fn elements(&self) -> &[E] {
        self.as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(self.len(), const { &[M] })
    }
}

impl<E: Element, const M: usize> Source<E> for Vec<[E; M]> {
    fn elements(&self) -> &[E] {
        self.as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(self.len(), const { &[M] })
    }
}

impl<E: Element, const M: usize, const N: usize> Source<E> for [[E; M]; N] {
    fn elements(&self) -> &[E] {
        self.as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(self.len(), const { &[M] })
    }
}

impl<E: Element, const L: usize, const M: usize> Source<E> for [[[E; L]; M]] {
    fn elements(&self) -> &[E] {
        self.as_flattened().as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(self.len(), const { &[M, L] })
    }
}

impl<E: Element, const L: usize, const M: usize> Source<E> for Vec<[[E; L]; M]> {
    fn elements(&self) -> &[E] {
        self.as_flattened().as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(self.len(), const { &[M, L] })
    }
}

impl<E: Element, const L: usize, const M: usize, const N: usize> Source<E> for [[[E; L]; M]; N] {
    fn elements(&self) -> &[E] {
        self.as_flattened().as_flattened()
    }
    fn form(&self) -> DataShape<'_> {
        DataShape::Axes(N, const { &[M, L] })
    }
}

impl<E: Element> Source<E> for Tensor<E> {
    fn elements(&self) -> &[E] {
        self.as_slice()
    }
    fn form(&self) -> DataShape<'_> {
        match self.shape() {
            [] | [_] => DataShape::Flat,
            [first, rest @ ..] => DataShape::Axes(*first, rest),
        }
    }
}

impl<E, R, C, S> Source<E> for Matrix<E, R, C, S>
where
    E: Element,
    R: Dim,
    C: Dim,
    S: RawStorage<E, R, C> + IsContiguous,
{
    fn elements(&self) -> &[E] {
        self.as_slice()
    }
    fn form(&self) -> DataShape<'_> {
        match C::try_to_usize() {
            Some(1) => DataShape::Flat,
            _ => DataShape::Columns(self.nrows()),
        }
    }
}

impl<E, S: Source<E> + ?Sized> Source<E> for &S {
    fn elements(&self) -> &[E] {
        (**self).elements()
    }
    fn form(&self) -> DataShape<'_> {
        (**self).form()
    }
}

#[cfg(test)]
mod tests;
