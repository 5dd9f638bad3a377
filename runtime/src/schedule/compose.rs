//! Schedules that are made of others.

use super::Schedule;

/// A schedule after a linear rise; see [`Schedule::warm_up`].
///
/// ```
/// use monograd::schedule::{Constant, Schedule};
///
/// let schedule = Constant(0.1).warm_up(10);
/// assert!(schedule.rate(0) < schedule.rate(5) && schedule.rate(10) == 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmUp<S> {
    schedule: S,
    steps: u64,
}

impl<S: Schedule> WarmUp<S> {
    pub(super) const fn new(schedule: S, steps: u64) -> Self {
        Self { schedule, steps }
    }
}

impl<S: Schedule> Schedule for WarmUp<S> {
    fn rate(&self, step: u64) -> f64 {
        match step.checked_sub(self.steps) {
            Some(step) => self.schedule.rate(step),
            // not 0 in the first step, which would be wasted
            None => self.schedule.rate(0) * ((step + 1) as f64 / (self.steps + 1) as f64),
        }
    }
}

/// One schedule, and from some step on another; see [`Schedule::then`].
///
/// ```
/// use monograd::schedule::{Constant, Schedule};
///
/// let schedule = Constant(0.1).then(10, Constant(0.01));
/// assert_eq!((schedule.rate(9), schedule.rate(10)), (0.1, 0.01));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Then<A, B> {
    first: A,
    steps: u64,
    second: B,
}

impl<A: Schedule, B: Schedule> Then<A, B> {
    pub(super) const fn new(first: A, steps: u64, second: B) -> Self {
        Self { first, steps, second }
    }
}

impl<A: Schedule, B: Schedule> Schedule for Then<A, B> {
    fn rate(&self, step: u64) -> f64 {
        match step.checked_sub(self.steps) {
            None => self.first.rate(step),
            Some(step) => self.second.rate(step),
        }
    }
}
