//! Optimisers: what turns gradients into better parameters, with PyTorch's formulas and defaults.
//!
//! Each walks a network's flat buffer once a step; its state is allocated at the first step, from which
//! on it belongs to the network. Options are checked in every step, before anything is changed.
//!
//! ```
//! use monograd::Init;
//! use monograd::layout::{Parameter, place};
//! use monograd::prelude::*;
//!
//! // A network's macro declares its layout; this is one by hand, of a single weight.
//! let layout = place([Parameter::new("weight", &[16], Init::Constant(0.0))]);
//! let (mut weight, gradient) = ([1.0_f32; 16], [0.5; 16]);
//! let mut optimizer = AdamW::new(1e-3).weight_decay(0.1).clip_norm(1.0);
//! optimizer.step(&mut weight, &gradient, &layout)?;
//! assert_eq!(optimizer.steps(), 1);
//! assert!(weight[0] < 1.0);
//! # Ok::<(), monograd::StepError>(())
//! ```

use crate::layout::Parameter;
use crate::scalar::Scalar;

mod adam;
mod clip;
mod options;
mod owner;
mod pass;
mod rms_prop;
mod sgd;
mod state;

pub use adam::{Adam, AdamFamily, AdamW};
pub use clip::clip_gradient_norm;
#[doc(hidden)]
pub use pass::Rule;
pub(crate) use pass::optimize;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

/// Improves the parameters of a network along its gradients.
pub trait Optimizer<T: Scalar> {
    /// One step: changes every parameter of `layout` that is not frozen. `parameters` and
    /// `gradients` are whole buffers of that layout.
    ///
    /// # Errors
    /// When the buffers' lengths do not fit the layout, the layout is not that of earlier steps, or an
    /// option is out of range; nothing is changed then.
    fn step(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError>;

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate from the next step on, as a schedule does. The step tells where it is
    /// out of range.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Steps taken.
    fn steps(&self) -> u64;
}

/// Why an optimiser took no step.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The parameters are not the layout's.
    #[error("the buffer of parameters has {actual} scalars, but its layout {expected}")]
    Parameters {
        /// Scalars of the buffer.
        actual: usize,
        /// Scalars of the layout, with its gaps.
        expected: usize,
    },
    /// There are more or fewer gradients than parameters.
    #[error("{actual} gradients for a buffer of {expected} parameters")]
    Gradients {
        /// Scalars of the gradients.
        actual: usize,
        /// Scalars of the parameters.
        expected: usize,
    },
    /// The optimiser has stepped another network before: the first parameters that differ, by name
    /// and shape. Networks are told apart by their layouts.
    #[error(
        "this optimiser belongs to another network, which has {} where this one has {}: each \
         network needs an optimiser of its own",
        described(expected.as_ref()),
        described(actual.as_ref())
    )]
    OtherNetwork {
        /// The parameter of the network of earlier steps.
        expected: Option<(&'static str, &'static [usize])>,
        /// That of this one.
        actual: Option<(&'static str, &'static [usize])>,
    },
    /// An option of the optimiser that is out of range.
    #[error("the optimiser's `{option}` is {value:?}, but it has to be {expected}")]
    Option {
        /// Its name.
        option: &'static str,
        /// What it was set to.
        value: f64,
        /// What it can be.
        expected: &'static str,
    },
    /// Nesterov's form of momentum without momentum.
    #[error("Nesterov's form looks ahead along a momentum, which is 0: set it, `.momentum(0.9)`")]
    NesterovWithoutMomentum,
}

/// A parameter in a message.
fn described(parameter: Option<&(&str, &[usize])>) -> String {
    parameter.map_or_else(|| "nothing".to_owned(), |(name, shape)| format!("`{name}` {shape:?}"))
}

#[cfg(test)]
mod tests;
