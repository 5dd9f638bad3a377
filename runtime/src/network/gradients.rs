//! The gradient of a loss with respect to every parameter.

use super::State;
use crate::buffer::Buffer;
use crate::error::Result;
use crate::layout::Parameter;
use crate::optimizer::{Optimizer, StepError, clip_gradient_norm, is_same_layout};
use crate::parameters::{ParameterEdit, ParameterView, Parameters, ParametersMut};
use crate::scalar::Scalar;

/// The gradients of all parameters, by name, with the order and shapes of the parameters.
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
/// let (loss, mut gradients) = net.gradients(&[1.0], &[0.0])?;
/// assert_eq!(gradients.get("linear0.bias")?.shape(), [1]);
/// gradients.scale(0.5);
/// assert!(loss >= 0.0 && gradients.to_vec().len() == Line::PARAMS);
/// # Ok::<(), Error>(())
/// ```
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

    /// Returns the gradient of the parameter `name`, to be changed.
    ///
    /// # Errors
    /// If there is no parameter of this name.
    pub fn get_mut(&mut self, name: &str) -> Result<ParameterEdit<'_, T>> {
        ParametersMut::new(self.layout, &mut self.values).into_one(name)
    }

    /// Calls `edit` with each gradient in order, to be changed.
    pub fn for_each_mut(&mut self, edit: impl FnMut(ParameterEdit<'_, T>)) {
        ParametersMut::new(self.layout, &mut self.values).iter_mut().for_each(edit);
    }

    /// Adds the gradients of another batch to these.
    ///
    /// # Errors
    /// If they are those of another network; nothing is changed then.
    pub fn add(&mut self, others: &Self) -> Result<()> {
        others.require(self.layout)?;
        for (value, other) in self.values.iter_mut().zip(&*others.values) {
            *value += *other;
        }
        Ok(())
    }

    /// Multiplies all gradients by a factor.
    pub fn scale(&mut self, factor: T) {
        self.values.iter_mut().for_each(|value| *value *= factor);
    }

    /// Scales all gradients so that their global norm is at most `max`, and returns the norm before; see
    /// [`clip_gradient_norm`].
    ///
    /// # Errors
    /// If `max` is negative or NaN; nothing is changed then.
    pub fn clip_norm(&mut self, max: f64) -> Result<T> {
        Ok(clip_gradient_norm(&mut self.values, max)?)
    }

    /// Returns the whole buffer. It has the layout of the parameter buffer: every parameter begins at a
    /// multiple of [`Parameter::ALIGNMENT`], with zeros in the gaps, and linear weights are `[in, out]`.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// Returns all gradients one after the other, without gaps, each in the order of PyTorch.
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        let views = self.iter();
        let mut flat = Vec::with_capacity(views.map(|view| view.as_slice().len()).sum());
        self.iter().for_each(|view| flat.extend_from_slice(view.to_tensor().as_slice()));
        flat
    }

    /// Implements [`Optimizer::step`].
    pub(crate) fn apply(
        &self,
        state: &mut State<T>,
        optimizer: &mut dyn Optimizer<T>,
        layout: &[Parameter],
    ) -> Result<()> {
        self.require(layout)?;
        optimizer.update(&mut state.parameters, &self.values, layout)?;
        state.steps += 1;
        Ok(())
    }

    /// Returns an error unless these are gradients of a network with this layout.
    fn require(&self, layout: &[Parameter]) -> Result<(), StepError> {
        match is_same_layout(self.layout, layout) {
            true => Ok(()),
            false => Err(StepError::OtherGradients),
        }
    }

    fn views(&self) -> Parameters<'_, T> {
        Parameters::new(self.layout, &self.values)
    }
}
