//! A rate that is reduced when a loss no longer falls.

/// Multiplies the learning rate by a factor when a measured loss has not fallen for some time: PyTorch's
/// `ReduceLROnPlateau`. It is no [`Schedule`](super::Schedule), since its rate does not depend on the step alone.
///
/// ```
/// use monograd::schedule::ReduceOnPlateau;
///
/// let mut plateau = ReduceOnPlateau::new(0.1).factor(0.5).patience(1);
/// let rates: Vec<f64> = [3.0, 2.0, 2.0, 2.0, 1.0].map(|loss| plateau.observe(loss)).into();
/// assert_eq!(rates, [0.1, 0.1, 0.1, 0.05, 0.05]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    rate: f64,
    factor: f64,
    patience: u64,
    threshold: f64,
    cooldown: u64,
    least: f64,
    best: f64,
    /// Number of observations since the best, outside of a cool-down.
    bad: u64,
    /// Observations of the cool-down that are left.
    cooling: u64,
}

impl ReduceOnPlateau {
    /// Begins with `rate`, and PyTorch's defaults: factor 0.1, patience 10, threshold 1e-4, no cool-down,
    /// least rate 0.
    #[must_use]
    pub const fn new(rate: f64) -> Self {
        Self {
            rate,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            cooldown: 0,
            least: 0.0,
            best: f64::INFINITY,
            bad: 0,
            cooling: 0,
        }
    }

    /// Sets the factor of the rate (by default 0.1).
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// Sets how many observations without progress are tolerated (by default 10).
    #[must_use]
    pub const fn patience(self, patience: u64) -> Self {
        Self { patience, ..self }
    }

    /// Sets by which share of the best loss a new one has to be less, to be progress (by default 1e-4).
    #[must_use]
    pub const fn threshold(self, threshold: f64) -> Self {
        Self { threshold, ..self }
    }

    /// Sets after how many observations since a reduction those without progress count again (by default 0).
    #[must_use]
    pub const fn cooldown(self, cooldown: u64) -> Self {
        Self { cooldown, ..self }
    }

    /// Sets the least rate (by default 0).
    #[must_use]
    pub const fn least(self, least: f64) -> Self {
        Self { least, ..self }
    }

    /// Takes a measured loss, and returns the rate from now on.
    pub fn observe(&mut self, loss: f64) -> f64 {
        if loss < self.best * (1.0 - self.threshold) {
            (self.best, self.bad) = (loss, 0);
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            let reduced = (self.rate * self.factor).max(self.least);
            // as in PyTorch, a change too small to matter is none
            if self.rate - reduced > 1e-8 {
                self.rate = reduced;
            }
            (self.cooling, self.bad) = (self.cooldown, 0);
        }
        self.rate
    }

    /// Returns the rate.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Returns what it has learned from its observations, to be restored.
    pub(crate) fn state(&self) -> (f64, f64, u64, u64) {
        (self.rate, self.best, self.bad, self.cooling)
    }

    /// Restores what [`state`](Self::state) returned.
    pub(crate) fn restore(&mut self, (rate, best, bad, cooling): (f64, f64, u64, u64)) {
        (self.rate, self.best, self.bad, self.cooling) = (rate, best, bad, cooling);
    }
}
