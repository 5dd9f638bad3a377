//! Schedules: the learning rate of each step.
//!
//! A schedule is a function of the step, counted from 0, so that training resumes at any step. Closures are
//! schedules, too.
//!
//! ```
//! use monograd::prelude::*;
//! use monograd::schedule::{Cosine, Schedule, draw};
//!
//! // 100 steps up to 1e-3, then down along half a cosine to 1e-5 at step 2,000
//! let schedule = Cosine::new(1e-3, 1e-5, 1_900).warm_up(100);
//! assert!(0.0 < schedule.rate(0) && schedule.rate(99) < 1e-3);
//! assert_eq!(schedule.rate(100), 1e-3);
//! assert_eq!(schedule.rate(2_000), 1e-5);
//!
//! println!("{}", draw(&schedule, 2_000));
//!
//! let mut optimizer = AdamW::<f32>::new(0.0);
//! for step in 0..2_000 {
//!     optimizer.set_learning_rate(schedule.rate(step));
//!     // net.train_step(..)
//! }
//! ```

mod compose;
mod cyclic;
mod draw;
mod falling;
mod plateau;

pub use compose::{Then, WarmUp};
pub use cyclic::{OneCycle, WarmRestarts};
pub use draw::draw;
pub use falling::{Constant, Cosine, Exponential, InverseSquareRoot, Linear, Step};
pub use plateau::ReduceOnPlateau;

/// A learning rate for each step.
///
/// ```
/// use monograd::schedule::{Cosine, Schedule};
///
/// let halving = |step: u64| 0.1 * 0.5_f64.powi(step as i32); // closures are schedules
/// assert_eq!(halving.rate(1), 0.05);
/// assert!(Cosine::new(0.1, 0.0, 90).warm_up(10).rate(0) < 0.1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no schedule of learning rates",
    note = "a schedule is one of `monograd::schedule`, or a closure from the step to the rate: `|step: u64| 0.1 / (1.0 + step as f64)`",
    note = "one rate for all steps is the optimiser's own, and needs no schedule"
)]
pub trait Schedule {
    /// Returns the learning rate of a step, counted from 0.
    fn rate(&self, step: u64) -> f64;

    /// Returns a schedule that rises linearly in the first `steps` steps, to what this schedule begins with,
    /// and goes on with it: step `steps` has exactly its first rate, and the steps before have less.
    fn warm_up(self, steps: u64) -> WarmUp<Self>
    where
        Self: Sized,
    {
        WarmUp::new(self, steps)
    }

    /// Returns a schedule that is this one for `steps` steps, and then `next`, from its own step 0 on.
    fn then<S: Schedule>(self, steps: u64, next: S) -> Then<Self, S>
    where
        Self: Sized,
    {
        Then::new(self, steps, next)
    }
}

impl<F: Fn(u64) -> f64> Schedule for F {
    fn rate(&self, step: u64) -> f64 {
        self(step)
    }
}

impl Schedule for Box<dyn Schedule + '_> {
    fn rate(&self, step: u64) -> f64 {
        (**self).rate(step)
    }
}

/// Returns the share of `steps` that has passed, from 0 to 1.
fn share(step: u64, steps: u64) -> f64 {
    if step >= steps { 1.0 } else { step as f64 / steps as f64 }
}

/// Returns the number between two, or exactly one of them at 0 and at 1.
fn between(from: f64, to: f64, share: f64) -> f64 {
    if share >= 1.0 { to } else { from + (to - from) * share }
}

/// Returns the share of the way along half a cosine: 0 at 0, 1 at 1, flat at both.
fn half_cosine(share: f64) -> f64 {
    0.5 * (1.0 - (std::f64::consts::PI * share).cos())
}

#[cfg(test)]
mod tests;
