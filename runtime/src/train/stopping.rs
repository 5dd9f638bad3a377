//! Early stopping.

/// The direction in which a value gets better.
///
/// ```
/// use monograd::train::{EarlyStopping, Goal};
///
/// let mut accuracy = EarlyStopping::new(Goal::Maximize);
/// assert_eq!([0.5, 0.75, 0.7].map(|value| accuracy.observe(value)), [true, true, false]);
/// assert_eq!(accuracy.best(), Some((1, 0.75)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Smaller is better: a loss.
    Minimize,
    /// Larger is better: an accuracy.
    Maximize,
}

impl Goal {
    /// Returns the name of the direction in checkpoints.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Minimize => "minimize",
            Self::Maximize => "maximize",
        }
    }
}

/// Tells whether a value has stopped to get better, such as the loss of held-out samples.
///
/// ```
/// use monograd::train::{EarlyStopping, Goal};
///
/// let mut stopping = EarlyStopping::new(Goal::Minimize).patience(2).min_delta(0.01);
/// let better: Vec<bool> = [1.0, 0.5, 0.495, 0.6].map(|loss| stopping.observe(loss)).into();
/// assert_eq!(better, [true, true, false, false]);
/// assert!(stopping.is_over());
/// assert_eq!(stopping.best(), Some((1, 0.5))); // the second observation
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyStopping {
    pub(super) goal: Goal,
    pub(super) patience: Option<u64>,
    pub(super) min_delta: f64,
    pub(super) seen: u64,
    /// The number and value of the best observation.
    pub(super) best: Option<(u64, f64)>,
}

impl EarlyStopping {
    /// Creates it without patience: it remembers the best value, and never tells to stop.
    #[must_use]
    pub const fn new(goal: Goal) -> Self {
        Self { goal, patience: None, min_delta: 0.0, seen: 0, best: None }
    }

    /// Sets how many observations in a row may be no better than the best one, at the last of which it tells to
    /// stop.
    #[must_use]
    pub const fn patience(self, observations: u64) -> Self {
        Self { patience: Some(observations), ..self }
    }

    /// Sets by how much a value has to be better than the best one to count as better (by default 0).
    #[must_use]
    pub const fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Takes a value, and returns true if it is the best so far. A NaN never is.
    pub fn observe(&mut self, value: f64) -> bool {
        let is_better = !value.is_nan()
            && self.best.is_none_or(|(_, best)| match self.goal {
                Goal::Minimize => value < best - self.min_delta,
                Goal::Maximize => value > best + self.min_delta,
            });
        if is_better {
            self.best = Some((self.seen, value));
        }
        self.seen += 1;
        is_better
    }

    /// Returns true if the patience is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let since = self.seen - self.best.map_or(0, |(number, _)| number + 1);
        self.patience.is_some_and(|patience| since >= patience.max(1))
    }

    /// Returns the number of the best observation, from 0, and its value.
    #[must_use]
    pub fn best(&self) -> Option<(u64, f64)> {
        self.best
    }
}
