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
//! optimizer.update(&mut weight, &gradient, &layout)?;
//! assert_eq!(optimizer.steps(), 1);
//! assert!(weight[0] < 1.0);
//! # Ok::<(), monograd::StepError>(())
//! ```

use crate::error::Result;
use crate::layout::Parameter;
use crate::network::{Gradients, Network};
use crate::scalar::Scalar;
use std::path::Path;

mod adagrad;
mod adam;
mod choices;
mod clip;
mod common;
mod error;
mod file;
mod groups;
mod lbfgs;
mod lion;
mod muon;
mod nadam;
mod options;
mod owner;
mod pass;
mod rms_prop;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::{Adam, AdamFamily, AdamW};
pub use clip::clip_gradient_norm;
pub use error::StepError;
pub(crate) use file::{MOST_STEPS, known_rate, known_states, nested};
pub use groups::Group;
pub use lbfgs::Lbfgs;
pub use lion::Lion;
pub use muon::{Muon, MuonRate};
pub use nadam::NAdam;
pub(crate) use owner::is_same_layout;
#[doc(hidden)]
pub use pass::Rule;
pub(crate) use pass::optimize;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

/// An optimiser: updates the parameters of a network from its gradients.
///
/// [`train_step`](Network::train_step) computes the gradients and calls it. With gradients that were computed
/// apart, call [`step`](Self::step):
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let mut net = Line::init(1);
/// let mut optimizer = AdamW::new(0.01);
/// let (_, mut gradients) = net.gradients(&[0.0, 1.0], &[1.0, 3.0])?;
/// let (_, others) = net.gradients(&[2.0, 3.0], &[5.0, 7.0])?;
/// gradients.add(&others)?; // of two micro-batches of equal size
/// gradients.scale(0.5);
/// optimizer.step(&mut net, &gradients)?;
/// assert_eq!(optimizer.steps(), 1);
/// # Ok::<(), Error>(())
/// ```
pub trait Optimizer<T: Scalar> {
    /// Takes one step: updates every parameter of `layout` that is not frozen. `parameters` and `gradients`
    /// are whole buffers of that layout.
    ///
    /// # Errors
    /// If the buffers' lengths do not fit the layout, the layout is not that of earlier steps, or an
    /// option is out of range; nothing is changed then.
    fn update(
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

    /// Returns the name of the optimiser, by which files of its state are told apart.
    fn name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// Returns the options but for the learning rate, as text by name. A checkpoint holds them, so that a training
    /// that goes on with other options is told so.
    fn options(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Returns the names of the states that [`states`](Self::states) may return.
    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns the state that it keeps beside the number of steps: named buffers of the network's layout.
    /// There are none before the first step, or if the optimiser cannot be saved.
    fn states(&self) -> Vec<(&'static str, &[T])> {
        Vec::new()
    }

    /// Replaces the number of steps, and the state by what [`states`](Self::states) returned before.
    ///
    /// # Errors
    /// If a state has another name or does not fit the layout, or the optimiser cannot be restored; it is
    /// unchanged then.
    fn restore(
        &mut self,
        steps: u64,
        states: Vec<(String, Vec<T>)>,
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let _ = (steps, states, layout);
        Err(StepError::NotRestorable { optimizer: self.name() })
    }

    /// Writes the number of steps, the learning rate and the state to a safetensors file, in which each tensor
    /// is called by the state and the parameter: `exp_avg.fc.weight`. Options are not written. What a crash
    /// leaves is the old file or the new one.
    ///
    /// # Errors
    /// Those of [`Network::save`].
    fn save<N: Network<Scalar = T>>(&self, path: impl AsRef<Path>, _: &N) -> Result<()>
    where
        Self: Sized,
    {
        file::save(self, path.as_ref(), N::LAYOUT)
    }

    /// Replaces the number of steps, the learning rate and the state by those of a file that
    /// [`save`](Self::save) wrote for the same optimiser and network, so that training goes on as if it had
    /// not stopped.
    ///
    /// # Errors
    /// Those of [`Network::restore`], and if the file is that of another optimiser or network. The optimiser is
    /// then unchanged.
    fn load<N: Network<Scalar = T>>(&mut self, path: impl AsRef<Path>, _: &N) -> Result<()>
    where
        Self: Sized,
    {
        file::load(self, path.as_ref(), N::LAYOUT)
    }

    /// Takes one step with gradients of the network.
    ///
    /// # Errors
    /// Those of [`update`](Self::update), and if the gradients are those of another network.
    fn step<N: Network<Scalar = T>>(&mut self, net: &mut N, gradients: &Gradients<T>) -> Result<()>
    where
        Self: Sized,
    {
        gradients.apply(net.state_mut(), self, N::LAYOUT)
    }
}

/// Implements [`Optimizer`] for what points to one.
macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<T: Scalar, O: Optimizer<T> + ?Sized> Optimizer<T> for $pointer {
            fn update(
                &mut self,
                parameters: &mut [T],
                gradients: &[T],
                layout: &[Parameter],
            ) -> Result<(), StepError> {
                (**self).update(parameters, gradients, layout)
            }

            fn learning_rate(&self) -> f64 {
                (**self).learning_rate()
            }

            fn set_learning_rate(&mut self, learning_rate: f64) {
                (**self).set_learning_rate(learning_rate);
            }

            fn steps(&self) -> u64 {
                (**self).steps()
            }

            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn options(&self) -> Vec<(&'static str, String)> {
                (**self).options()
            }

            fn state_names(&self) -> &'static [&'static str] {
                (**self).state_names()
            }

            fn states(&self) -> Vec<(&'static str, &[T])> {
                (**self).states()
            }

            fn restore(
                &mut self,
                steps: u64,
                states: Vec<(String, Vec<T>)>,
                layout: &[Parameter],
            ) -> Result<(), StepError> {
                (**self).restore(steps, states, layout)
            }
        }
    )*};
}

forward!(&mut O, Box<O>);

#[cfg(test)]
mod tests;
