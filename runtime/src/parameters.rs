//! Access to a network's parameters by name.

use crate::buffer::Excerpt;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Entry, Kind, Parameter, buffer_len, entries};
use crate::nearest::nearest;
use crate::tensor::Tensor;
use nalgebra::{DMatrixView, Dyn};
use std::borrow::Cow;
use std::fmt;

mod edit;

pub use edit::{ParameterEdit, ParametersMut};

/// A read-only view of the parameters of a network.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Layer(x: [2]) -> [3] {
///         x >> Linear(3)
///     }
/// }
///
/// let net = Layer::init(1);
/// let parameters = net.parameters();
/// assert_eq!(parameters.get("linear0.weight")?.shape(), [3, 2]);
/// let names: Vec<_> = parameters.iter().map(|parameter| parameter.name()).collect();
/// assert_eq!(names, ["linear0.weight", "linear0.bias"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Parameters<'a, T> {
    layout: &'a [Parameter],
    values: &'a [T],
}

/// A read-only view of one parameter.
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
/// let net = Line::init(1);
/// let weight = net.parameters().get("linear0.weight")?;
/// assert_eq!((weight.name().as_ref(), weight.shape()), ("linear0.weight", &[1, 1][..]));
/// assert_eq!(weight.to_tensor().shape(), [1, 1]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct ParameterView<'a, T> {
    entry: Entry<'a>,
    values: &'a [T],
}

/// Finds the parameter called `name`.
fn find<'a>(layout: &'a [Parameter], name: &str) -> Result<Entry<'a>> {
    entries(layout).find(|entry| entry.name() == name).ok_or_else(|| {
        let nearest = nearest(name, entries(layout).map(|entry| entry.name()));
        Error::UnknownParameter { name: name.to_owned(), nearest }
    })
}

fn assert_fits<T>(layout: &[Parameter], values: &[T]) {
    let (actual, expected) = (values.len(), buffer_len(layout));
    assert!(actual >= expected, "{actual} scalars for a layout of {expected}");
}

impl<'a, T: Element> Parameters<'a, T> {
    /// Returns a view of the parameters of `layout` in the flat buffer `values`.
    ///
    /// # Panics
    /// If `values` is shorter than the layout.
    #[must_use]
    pub fn new(layout: &'a [Parameter], values: &'a [T]) -> Self {
        assert_fits(layout, values);
        Self { layout, values }
    }

    /// Returns the parameter called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`], with the most similar name.
    pub fn get(&self, name: &str) -> Result<ParameterView<'a, T>> {
        find(self.layout, name).map(|entry| self.view(entry))
    }

    /// Returns all parameters, in the order of the buffer.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ParameterView<'a, T>> + use<'a, T> {
        let this = *self;
        let views: Vec<_> = entries(this.layout).map(|entry| this.view(entry)).collect();
        views.into_iter()
    }

    /// Returns the number of named parameters.
    #[must_use]
    pub fn len(&self) -> usize {
        entries(self.layout).count()
    }

    /// Returns true if there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn view(&self, entry: Entry<'a>) -> ParameterView<'a, T> {
        ParameterView { entry, values: &self.values[entry.range()] }
    }
}

impl<'a, T: Element> ParameterView<'a, T> {
    /// Returns the name, as in PyTorch.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        self.entry.name()
    }

    /// Returns the shape, as in PyTorch: a linear layer's weight is `[out, in]`.
    #[must_use]
    pub fn shape(&self) -> &'static [usize] {
        self.entry.shape()
    }

    /// Returns the role of the parameter.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.entry.kind()
    }

    /// Returns true if it is not learned: training leaves it unchanged, or assigns it as a state.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.entry.is_frozen()
    }

    /// Returns its scalars in the order of memory, in which a linear layer's weight is `[in, out]`.
    #[must_use]
    pub fn as_slice(&self) -> &'a [T] {
        self.values
    }

    /// Returns its scalars as a matrix in PyTorch's shape: rows are the first axis, columns are all
    /// others merged. Nothing is copied.
    #[must_use]
    pub fn matrix(&self) -> DMatrixView<'a, T, Dyn, Dyn> {
        let (rows, columns) = self.entry.parameter().matrix_shape();
        let (down, across) = strides(self.entry.parameter());
        DMatrixView::from_slice_with_strides(self.values, rows, columns, down, across)
    }

    /// Returns a copy in PyTorch's shape and order.
    #[must_use]
    pub fn to_tensor(&self) -> Tensor<T> {
        let mut tensor = Tensor::zeros(self.shape());
        self.entry.parameter().memory_to_file(self.values, tensor.as_mut_slice());
        tensor
    }
}

/// Returns the strides, in scalars, between rows and between columns.
fn strides(parameter: &Parameter) -> (usize, usize) {
    let (rows, columns) = parameter.matrix_shape();
    if parameter.transposed { (1, rows) } else { (columns, 1) }
}

impl<T: Element> fmt::Debug for Parameters<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Element> fmt::Debug for ParameterView<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} ", self.name(), self.shape())?;
        Excerpt(self.to_tensor().as_slice()).fmt(f)
    }
}

#[cfg(test)]
mod tests;
