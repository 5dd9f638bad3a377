//! The gradient of a loss by every parameter.

use crate::buffer::Buffer;
use crate::error::Result;
use crate::layout::Parameter;
use crate::parameters::{ParameterView, Parameters};
use crate::scalar::Scalar;

/// Gradients by the names of the parameters, in the same order and with the same shapes.
#[derive(Clone, Debug)]
pub struct Gradients<T: Scalar> {
    pub(super) layout: &'static [Parameter],
    pub(super) values: Buffer<T>,
}

impl<T: Scalar> Gradients<T> {
    /// The gradient by the parameter of this name.
    ///
    /// # Errors
    /// When there is no parameter of this name.
    pub fn get(&self, name: &str) -> Result<ParameterView<'_, T>> {
        self.views().get(name)
    }

    /// All gradients in order, each with its parameter's name and shape.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ParameterView<'_, T>> {
        self.views().iter()
    }

    /// The whole buffer, laid out as the parameters are.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    fn views(&self) -> Parameters<'_, T> {
        Parameters::new(self.layout, &self.values)
    }
}
