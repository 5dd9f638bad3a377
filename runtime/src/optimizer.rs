//! Optimisers, which update parameters from gradients, with PyTorch's formulas and defaults.
//!
//! A step is one pass over the network's flat parameter buffer. The optimiser's state is allocated in the
//! first step, and from then on belongs to that network. Every step checks the options before it changes
//! anything.
//!
//! ```
//! use monograd::Init;
//! use monograd::layout::{Parameter, place};
//! use monograd::prelude::*;
//!
//! // A network's macro declares its layout; this one is written by hand, with a single weight.
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

/// An optimiser: updates the parameters of a network from its gradients.
pub trait Optimizer<T: Scalar> {
    /// Takes one step: updates every parameter of `layout` that is not frozen. `parameters` and `gradients`
    /// are whole buffers of that layout.
    ///
    /// # Errors
    /// If the buffers' lengths do not fit the layout, the layout is not that of earlier steps, or an
    /// option is out of range; nothing is changed then.
    fn step(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError>;

    /// Returns the learning rate of the next step.
    fn learning_rate(&self) -> f64;

    /// Sets the learning rate from the next step on, for example by a schedule. If it is out of range, the
    /// next step returns an error.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Returns the number of steps taken.
    fn steps(&self) -> u64;
}

/// The reason why an optimiser took no step.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The parameter buffer does not have the length of the layout.
    #[error("the buffer of parameters has {actual} scalars, but its layout {expected}")]
    Parameters {
        /// Number of scalars of the buffer.
        actual: usize,
        /// Number of scalars of the layout, including its gaps.
        expected: usize,
    },
    /// The gradient buffer does not have the length of the parameter buffer.
    #[error("{actual} gradients for a buffer of {expected} parameters")]
    Gradients {
        /// Number of scalars of the gradients.
        actual: usize,
        /// Number of scalars of the parameters.
        expected: usize,
    },
    /// The optimiser has stepped another network before. The fields are the name and shape of the first
    /// parameters that differ. Networks are identified by their layouts.
    #[error(
        "this optimiser belongs to another network, which has {} where this one has {}: each \
         network needs an optimiser of its own",
        described(expected.as_ref()),
        described(actual.as_ref())
    )]
    OtherNetwork {
        /// The parameter of the earlier network, if it has one at this place.
        expected: Option<(&'static str, &'static [usize])>,
        /// The parameter of this network, if it has one at this place.
        actual: Option<(&'static str, &'static [usize])>,
    },
    /// An option of the optimiser is out of range.
    #[error("the optimiser's `{option}` is {value:?}, but it has to be {expected}")]
    Option {
        /// The name of the option.
        option: &'static str,
        /// The value of the option.
        value: f64,
        /// The range that the value has to be in, in words.
        expected: &'static str,
    },
    /// Nesterov momentum is enabled, but the momentum is 0.
    #[error("Nesterov's form looks ahead along a momentum, which is 0: set it, `.momentum(0.9)`")]
    NesterovWithoutMomentum,
}

/// Formats a parameter for a message.
fn described(parameter: Option<&(&str, &[usize])>) -> String {
    parameter.map_or_else(|| "nothing".to_owned(), |(name, shape)| format!("`{name}` {shape:?}"))
}

#[cfg(test)]
mod tests;
