//! The gradient of a loss with respect to every parameter.

use crate::buffer::Buffer;
use crate::error::Result;
use crate::layout::Parameter;
use crate::parameters::{ParameterView, Parameters};
use crate::scalar::Scalar;

/// The gradients of all parameters, by name, with the order and shapes of the parameters.
#[derive(Clone, Debug)]
pub struct Gradients<T: Scalar> {
    pub(super) layout: &'static [Parameter],
    pub(super) values: Buffer<T>,
}

impl<T: Scalar> Gradients<T> {
    /// Returns the gradient of the parameter `name`.
    ///
    /// # Errors
    /// If there is no parameter of this name.
    pub fn get(&self, name: &str) -> Result<ParameterView<'_, T>> {
        self.views().get(name)
    }

    /// Returns an iterator over all gradients in order, each with its parameter's name and shape.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ParameterView<'_, T>> {
        self.views().iter()
    }

    /// Returns the whole buffer. It has the layout of the parameter buffer.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    fn views(&self) -> Parameters<'_, T> {
        Parameters::new(self.layout, &self.values)
    }
}
