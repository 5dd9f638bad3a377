//! Optimisers: what turns gradients into better parameters, with PyTorch's formulas and defaults.
//!
//! Each walks a network's flat buffer once a step; its state is allocated at the first step.
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

use crate::layout::{Parameter, buffer_len};
use crate::scalar::Scalar;

mod adam;
mod clip;
mod options;
mod pass;
mod rms_prop;
mod sgd;
mod state;

pub use adam::{Adam, AdamFamily, AdamW};
pub use clip::clip_gradient_norm;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

/// Improves the parameters of a network along its gradients.
pub trait Optimizer<T: Scalar> {
    /// One step: changes every parameter of `layout` that is not frozen. `parameters` and
    /// `gradients` are whole buffers of that layout.
    ///
    /// # Errors
    /// When the buffers' lengths do not fit the layout, or differ from those of earlier steps;
    /// nothing is changed then.
    fn step(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError>;

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate from the next step on, as a schedule does.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Steps taken.
    fn steps(&self) -> u64;
}

/// Why an optimiser took no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// The optimiser has stepped another network before.
    #[error(
        "this optimiser holds the state of a network of {expected} scalars, not {actual}: \
         each network needs an optimiser of its own"
    )]
    State {
        /// Scalars of the parameters.
        actual: usize,
        /// Scalars of the optimiser's state.
        expected: usize,
    },
}

/// That the buffers fit the layout.
fn check(parameters: usize, gradients: usize, layout: &[Parameter]) -> Result<(), StepError> {
    let expected = buffer_len(layout);
    if parameters != expected {
        return Err(StepError::Parameters { actual: parameters, expected });
    }
    if gradients != expected {
        return Err(StepError::Gradients { actual: gradients, expected });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
