//! Callbacks: code of the user's that a training runs at its events.

use super::{History, TrainError};
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::optimizer::Optimizer;

/// An event of a training.
///
/// ```
/// use monograd::train::Event;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer, mut steps) = (Line::init(1), Sgd::new(0.1), 0);
/// Trainer::new(&mut net, &mut optimizer)
///     .epochs(3)
///     .on(Event::StepEnd, |_| steps += 1)
///     .fit(|_epoch| [([0.0], [1.0]), ([1.0], [3.0])])?;
/// assert_eq!(steps, 6);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Before the first batch of an epoch, or before the next one if the training was resumed within it.
    EpochBegin,
    /// After a step of the optimiser.
    StepEnd,
    /// After an epoch and its validation.
    EpochEnd,
}

/// The state of a training at an event.
///
/// ```
/// use monograd::train::{At, Event, Stop};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
/// let fitted = Trainer::new(&mut net, &mut optimizer)
///     .epochs(1000)
///     .on(Event::EpochEnd, |at: &mut At<'_, Line>| {
///         if at.loss() < 0.01 {
///             at.stop();
///         }
///     })
///     .fit(|_epoch| [([0.0, 1.0], [1.0, 3.0])])?;
/// assert_eq!(fitted.stop, Stop::Callback);
/// assert!(fitted.steps < 1000 && fitted.history.last("loss") < Some(0.01));
/// # Ok::<(), Error>(())
/// ```
pub struct At<'r, N: Trainable> {
    pub(super) net: &'r N,
    pub(super) optimizer: &'r mut dyn Optimizer<N::Scalar>,
    pub(super) history: &'r History,
    pub(super) epoch: u64,
    pub(super) step: u64,
    pub(super) loss: f64,
    pub(super) stop: &'r mut bool,
}

impl<N: Trainable> At<'_, N> {
    /// Returns the network.
    #[must_use]
    pub fn net(&self) -> &N {
        self.net
    }

    /// Returns the optimiser, whose learning rate may be set; a schedule sets it anew in every step.
    pub fn optimizer(&mut self) -> &mut dyn Optimizer<N::Scalar> {
        self.optimizer
    }

    /// Returns the values so far. At the end of an epoch, its row is the last one.
    #[must_use]
    pub fn history(&self) -> &History {
        self.history
    }

    /// Returns the number of the epoch, from 0.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the number of steps taken.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Returns the loss of the last step, and the mean loss of the epoch at its end.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// Ends the training after this event.
    pub fn stop(&mut self) {
        *self.stop = true;
    }
}

/// Code that a training runs at its events. For a single event, a closure is enough: `on(Event::EpochEnd, |at| ..)`.
///
/// ```
/// use monograd::train::{At, Callback};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// /// Halves the learning rate after each epoch.
/// struct Halving;
///
/// impl<N: Trainable> Callback<N> for Halving {
///     fn epoch_end(&mut self, at: &mut At<'_, N>) -> Result<(), Error> {
///         let rate = at.optimizer().learning_rate();
///         at.optimizer().set_learning_rate(rate / 2.0);
///         Ok(())
///     }
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.5));
/// Trainer::new(&mut net, &mut optimizer).epochs(2).callback(Halving).fit(|_epoch| [([0.0], [1.0])])?;
/// assert_eq!(Optimizer::<f32>::learning_rate(&optimizer), 0.125);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no callback for `{N}`",
    note = "a closure runs at one event: `.on(Event::EpochEnd, |at| ..)`"
)]
pub trait Callback<N: Trainable> {
    /// Runs before the first batch of an epoch.
    ///
    /// # Errors
    /// An error ends the training.
    fn epoch_begin(&mut self, at: &mut At<'_, N>) -> Result<()> {
        let _ = at;
        Ok(())
    }

    /// Runs after a step.
    ///
    /// # Errors
    /// An error ends the training.
    fn step_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        let _ = at;
        Ok(())
    }

    /// Runs after an epoch and its validation.
    ///
    /// # Errors
    /// An error ends the training.
    fn epoch_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        let _ = at;
        Ok(())
    }
}

/// The result of a closure that is a callback: nothing, or a `Result` with any error.
///
/// ```
/// use monograd::train::Answer;
///
/// assert!(().outcome().is_ok());
/// let full: Result<(), std::io::Error> = Err(std::io::ErrorKind::StorageFull.into());
/// assert!(matches!(full.outcome(), Err(monograd::Error::Train(_))));
/// ```
#[diagnostic::on_unimplemented(
    message = "a closure that runs at an event returns nothing or a `Result<(), _>`, not `{Self}`",
    label = "returns `{Self}`",
    note = "end the closure with `;`, so that it returns nothing"
)]
pub trait Answer {
    /// Returns it as a result.
    ///
    /// # Errors
    /// Its error.
    fn outcome(self) -> Result<()>;
}

impl Answer for () {
    fn outcome(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> Answer for Result<(), E> {
    fn outcome(self) -> Result<()> {
        self.map_err(|error| match error.into().downcast::<Error>() {
            Ok(error) => *error,
            Err(error) => TrainError::Callback(error).into(),
        })
    }
}

/// A closure that runs at one event.
pub(super) struct Closure<F> {
    pub event: Event,
    pub run: F,
}

impl<F> Closure<F> {
    fn at<N: Trainable, A: Answer>(&mut self, event: Event, at: &mut At<'_, N>) -> Result<()>
    where
        F: FnMut(&mut At<'_, N>) -> A,
    {
        if self.event == event { (self.run)(at).outcome() } else { Ok(()) }
    }
}

impl<N: Trainable, A: Answer, F: FnMut(&mut At<'_, N>) -> A> Callback<N> for Closure<F> {
    fn epoch_begin(&mut self, at: &mut At<'_, N>) -> Result<()> {
        self.at(Event::EpochBegin, at)
    }

    fn step_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        self.at(Event::StepEnd, at)
    }

    fn epoch_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        self.at(Event::EpochEnd, at)
    }
}
