//! The result of a training.

use super::history::History;
use std::path::PathBuf;

/// The outcome of a training.
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
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
/// let fitted = Trainer::new(&mut net, &mut optimizer).epochs(3).fit(|_epoch| [([1.0], [2.0])])?;
/// assert_eq!(fitted.steps, 3);
/// assert!(fitted.history.last("loss").is_some());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fitted {
    /// The values of all epochs and steps, also those before the training was resumed.
    pub history: History,
    /// The reason why it ended.
    pub stop: Stop,
    /// The number of steps taken in all.
    pub steps: u64,
    /// The number of the epoch with the best value, and the value. The network has the weights of this epoch, if it
    /// was trained with patience or `restore_best`.
    pub best: Option<(u64, f64)>,
    /// The checkpoint that it went on from.
    pub resumed_from: Option<PathBuf>,
}

/// The reason why a training ended.
///
/// ```
/// use monograd::train::Stop;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.0)); // it learns nothing
/// let fitted = Trainer::new(&mut net, &mut optimizer)
///     .epochs(100)
///     .patience(3)
///     .fit(|_epoch| [([0.0], [1.0])])?;
/// assert_eq!((fitted.stop, fitted.steps), (Stop::Patience, 4));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// All epochs or steps were done.
    Finished,
    /// The value to be optimised did not get better for as long as the patience.
    Patience,
    /// A callback stopped it.
    Callback,
    /// It was interrupted: by Ctrl-C, or the flag of `stop_when`.
    Interrupted,
}
