//! The state of a network: its parameters, random seed and training memory.

use super::memory::Training;
use crate::buffer::Buffer;
use crate::error::Result;
use crate::file::Weights;
use crate::init::initialize;
use crate::layout::{Parameter, buffer_len};
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use std::fmt;
use std::path::Path;

/// The parameters, and the state that training keeps from step to step.
pub struct State<T: Scalar> {
    pub(crate) parameters: Buffer<T>,
    /// The seed of training's random numbers; they also depend on the number of steps.
    pub(crate) seed: u64,
    pub(crate) steps: u64,
    /// The gradients and arenas of the last training step, reused by the next one.
    pub(super) training: Option<Box<Training<T>>>,
}

impl<T: Scalar> State<T> {
    /// Creates the state with parameters drawn by their initialisers.
    #[must_use]
    pub fn init(layout: &[Parameter], seed: u64) -> Self {
        let mut parameters = Buffer::zeros(buffer_len(layout));
        initialize(layout, seed, &mut parameters);
        Self { parameters, seed, steps: 0, training: None }
    }

    /// Creates the state with the parameters of a file.
    ///
    /// # Errors
    /// Those of [`file::load`](crate::file::load).
    pub fn load(layout: &[Parameter], path: impl AsRef<Path>) -> Result<Self> {
        let parameters = crate::file::load(path, layout)?;
        Ok(Self { parameters, seed: 0, steps: 0, training: None })
    }

    /// Creates the state with the parameters of files, by rules.
    ///
    /// # Errors
    /// Those of [`file::load_with`](crate::file::load_with).
    pub fn load_with(
        layout: &[Parameter],
        path: impl AsRef<Path>,
        weights: &Weights,
    ) -> Result<Self> {
        let parameters = crate::file::load_with(path, layout, weights)?;
        Ok(Self { parameters, seed: weights.seed().unwrap_or(0), steps: 0, training: None })
    }

    /// Returns the gradients of the last training pass; empty before the first.
    pub(crate) fn gradients_mut(&mut self) -> &mut [T] {
        self.training.as_mut().map_or(&mut [], |training| training.gradients_mut())
    }

    /// Lets an optimiser update the parameters by the gradients of the last training pass.
    pub(crate) fn update(
        &mut self,
        optimizer: &mut (impl Optimizer<T> + ?Sized),
        layout: &[Parameter],
    ) -> Result<()> {
        let gradients = self.training.as_ref().map_or(&[][..], |training| training.gradients());
        Ok(optimizer.update(&mut self.parameters, gradients, layout)?)
    }

    pub(super) fn cast<U: Scalar>(&self) -> State<U> {
        let mut parameters = Buffer::zeros(self.parameters.len());
        for (to, from) in parameters.iter_mut().zip(self.parameters.iter()) {
            *to = U::from_f64(from.to_f64());
        }
        State { parameters, seed: self.seed, steps: self.steps, training: None }
    }
}

/// The memory of training is not copied: the copy allocates its own.
impl<T: Scalar> Clone for State<T> {
    fn clone(&self) -> Self {
        let Self { ref parameters, seed, steps, training: _ } = *self;
        Self { parameters: parameters.clone(), seed, steps, training: None }
    }
}

impl<T: Scalar> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("parameters", &self.parameters)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
