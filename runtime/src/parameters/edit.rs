//! Mutable access to a network's parameters by name.

use super::{ParameterView, Parameters, assert_fits, find, strides};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Entry, Parameter, entries};
use crate::tensor::Tensor;
use nalgebra::{DMatrixViewMut, Dyn};
use std::fmt;

/// A mutable view of the parameters of a network.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Double(x: [2]) -> [2] {
///         x >> Linear(2)
///     }
/// }
///
/// let mut net = Double::init(1);
/// let mut parameters = net.parameters_mut();
/// parameters.get("linear0.weight")?.copy_from_pytorch(&[2.0, 0.0, 0.0, 2.0])?;
/// parameters.get("linear0.bias")?.fill(0.0);
/// assert_eq!(net.forward(&[1.0, 3.0])?.as_slice(), [2.0, 6.0]);
/// # Ok::<(), Error>(())
/// ```
pub struct ParametersMut<'a, T> {
    layout: &'a [Parameter],
    values: &'a mut [T],
}

/// A mutable view of one parameter.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let mut net = Line::init(1);
/// net.parameters_mut().get("linear0.bias")?.fill(0.5);
/// assert_eq!(net.parameters().get("linear0.bias")?.as_slice(), [0.5]);
/// # Ok::<(), Error>(())
/// ```
pub struct ParameterEdit<'a, T> {
    entry: Entry<'a>,
    values: &'a mut [T],
}

impl<'a, T: Element> ParametersMut<'a, T> {
    /// Returns a mutable view of the parameters of `layout` in the flat buffer `values`.
    ///
    /// # Panics
    /// If `values` is shorter than the layout.
    #[must_use]
    pub fn new(layout: &'a [Parameter], values: &'a mut [T]) -> Self {
        assert_fits(layout, values);
        Self { layout, values }
    }

    /// Returns a read-only view.
    #[must_use]
    pub fn as_parameters(&self) -> Parameters<'_, T> {
        Parameters { layout: self.layout, values: self.values }
    }

    /// Returns the parameter called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`], with the most similar name.
    pub fn get(&mut self, name: &str) -> Result<ParameterEdit<'_, T>> {
        ParametersMut { layout: self.layout, values: &mut *self.values }.into_one(name)
    }

    /// Like [`get`](Self::get), for as long as the parameters may be changed.
    pub(crate) fn into_one(self, name: &str) -> Result<ParameterEdit<'a, T>> {
        let entry = find(self.layout, name)?;
        Ok(ParameterEdit { entry, values: &mut self.values[entry.range()] })
    }

    /// Returns all parameters, in the order of the buffer.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = ParameterEdit<'_, T>> {
        let (mut rest, mut begin) = (&mut *self.values, 0);
        entries(self.layout).map(move |entry| {
            let range = entry.range();
            let (_gap, values) = std::mem::take(&mut rest).split_at_mut(range.start - begin);
            let (values, after) = values.split_at_mut(range.len());
            (begin, rest) = (range.end, after);
            ParameterEdit { entry, values }
        })
    }
}

impl<T: Element> ParameterEdit<'_, T> {
    /// Returns a read-only view.
    #[must_use]
    pub fn as_view(&self) -> ParameterView<'_, T> {
        ParameterView { entry: self.entry, values: self.values }
    }

    /// Returns its scalars in the order of memory, in which a linear layer's weight is `[in, out]`.
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.values
    }

    /// Returns its scalars as a matrix in PyTorch's shape; see [`ParameterView::matrix`].
    #[must_use]
    pub fn matrix_mut(&mut self) -> DMatrixViewMut<'_, T, Dyn, Dyn> {
        let (rows, columns) = self.entry.parameter().matrix_shape();
        let (down, across) = strides(self.entry.parameter());
        DMatrixViewMut::from_slice_with_strides_mut(self.values, rows, columns, down, across)
    }

    /// Replaces its scalars by `values` in PyTorch's order, `[out, in]` for a linear layer's weight. To
    /// write in the order of memory, use [`as_mut_slice`](Self::as_mut_slice).
    ///
    /// # Errors
    /// [`Error::ParameterLength`] if the number of values differs.
    pub fn copy_from_pytorch(&mut self, values: &[T]) -> Result<()> {
        let (actual, expected) = (values.len(), self.values.len());
        if actual != expected {
            let (name, shape) = (self.entry.name(), self.entry.shape());
            return Err(Error::ParameterLength { name, shape, actual, expected });
        }
        self.entry.parameter().file_to_memory(values, self.values);
        Ok(())
    }

    /// Replaces it by a tensor in PyTorch's shape.
    ///
    /// # Errors
    /// [`Error::ParameterShape`] if the tensor has another shape.
    pub fn copy_from_tensor(&mut self, tensor: &Tensor<T>) -> Result<()> {
        let expected = self.entry.shape();
        if tensor.shape() != expected {
            let (name, actual) = (self.entry.name(), tensor.shape().to_vec());
            return Err(Error::ParameterShape { name, actual, expected });
        }
        self.copy_from_pytorch(tensor.as_slice())
    }

    /// Sets all its scalars to `value`.
    pub fn fill(&mut self, value: T) {
        self.values.fill(value);
    }
}

impl<T: Element> fmt::Debug for ParametersMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_parameters().fmt(f)
    }
}

impl<T: Element> fmt::Debug for ParameterEdit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_view().fmt(f)
    }
}
