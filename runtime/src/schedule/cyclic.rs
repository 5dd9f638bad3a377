//! Schedules that rise again.

use super::{Schedule, between, half_cosine, share};

/// Rises to a peak, and falls far below where it began (Smith and Topin 2018): PyTorch's `OneCycleLR`, with
/// its defaults.
///
/// ```
/// use monograd::schedule::{OneCycle, Schedule};
///
/// let schedule = OneCycle::new(0.1, 100);
/// assert!(schedule.rate(30) > schedule.rate(0) && schedule.rate(30) > schedule.rate(99));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    peak: f64,
    steps: u64,
    rise: f64,
    start_divisor: f64,
    end_divisor: f64,
}

impl OneCycle {
    /// Creates a cycle of `steps` steps: it begins with a 25th of `peak`, reaches it after 30 % of the
    /// steps, and ends with a 10,000th of what it began with; both along half a cosine.
    #[must_use]
    pub const fn new(peak: f64, steps: u64) -> Self {
        Self { peak, steps, rise: 0.3, start_divisor: 25.0, end_divisor: 1e4 }
    }

    /// Sets the share of the steps in which it rises (by default 0.3).
    #[must_use]
    pub const fn rise(self, rise: f64) -> Self {
        Self { rise, ..self }
    }

    /// Sets what the peak is divided by for the first rate, and that by for the last (by default 25 and
    /// 10,000).
    #[must_use]
    pub const fn divisors(self, start: f64, end: f64) -> Self {
        Self { start_divisor: start, end_divisor: end, ..self }
    }
}

impl Schedule for OneCycle {
    fn rate(&self, step: u64) -> f64 {
        let start = self.peak / self.start_divisor;
        // the last step has the last rate, and the peak may lie between two steps, as in PyTorch
        let last = self.steps.saturating_sub(1) as f64;
        let (step, top) = ((step as f64).min(last), self.rise * self.steps as f64 - 1.0);
        if step <= top && top > 0.0 {
            between(start, self.peak, half_cosine(step / top))
        } else {
            let fall = half_cosine((step - top) / (last - top));
            between(self.peak, start / self.end_divisor, fall)
        }
    }
}

/// Falls along half a cosine again and again (Loshchilov and Hutter 2017): PyTorch's
/// `CosineAnnealingWarmRestarts`.
///
/// ```
/// use monograd::schedule::{Schedule, WarmRestarts};
///
/// let schedule = WarmRestarts::new(1.0, 0.0, 10);
/// assert_eq!((schedule.rate(0), schedule.rate(10)), (1.0, 1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmRestarts {
    from: f64,
    to: f64,
    steps: u64,
    growth: u64,
}

impl WarmRestarts {
    /// Creates a schedule whose first fall, from `from` towards `to`, takes `steps` steps.
    #[must_use]
    pub const fn new(from: f64, to: f64, steps: u64) -> Self {
        Self { from, to, steps: if steps == 0 { 1 } else { steps }, growth: 1 }
    }

    /// Makes each fall so many times as long as the one before (by default once).
    #[must_use]
    pub const fn growth(self, growth: u64) -> Self {
        Self { growth: if growth == 0 { 1 } else { growth }, ..self }
    }
}

impl Schedule for WarmRestarts {
    fn rate(&self, step: u64) -> f64 {
        let (mut step, mut steps) = (step, self.steps);
        if self.growth == 1 {
            step %= steps;
        }
        while step >= steps {
            step -= steps;
            steps = steps.saturating_mul(self.growth);
        }
        between(self.from, self.to, half_cosine(share(step, steps)))
    }
}
