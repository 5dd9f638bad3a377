//! Schedules that stay, or fall from their first step on.

use super::{Schedule, between, half_cosine, share};

/// The same rate in every step.
///
/// ```
/// use monograd::schedule::{Constant, Schedule};
///
/// assert_eq!(Constant(0.1).rate(1000), 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant(pub f64);

impl Schedule for Constant {
    fn rate(&self, _: u64) -> f64 {
        self.0
    }
}

/// Multiplies the rate by a factor every so many steps: PyTorch's `StepLR`.
///
/// ```
/// use monograd::schedule::{Schedule, Step};
///
/// let schedule = Step::new(0.1, 10, 0.5);
/// assert_eq!((schedule.rate(9), schedule.rate(10)), (0.1, 0.05));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    rate: f64,
    every: u64,
    factor: f64,
}

impl Step {
    /// Creates a schedule that begins with `rate` and multiplies it by `factor` after each `every` steps.
    #[must_use]
    pub const fn new(rate: f64, every: u64, factor: f64) -> Self {
        Self { rate, every: if every == 0 { 1 } else { every }, factor }
    }
}

impl Schedule for Step {
    fn rate(&self, step: u64) -> f64 {
        self.rate * self.factor.powf((step / self.every) as f64)
    }
}

/// Multiplies the rate by a factor in every step: PyTorch's `ExponentialLR`.
///
/// ```
/// use monograd::schedule::{Exponential, Schedule};
///
/// assert_eq!(Exponential::new(1.0, 0.5).rate(3), 0.125);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    rate: f64,
    factor: f64,
}

impl Exponential {
    /// Creates a schedule that begins with `rate`.
    #[must_use]
    pub const fn new(rate: f64, factor: f64) -> Self {
        Self { rate, factor }
    }
}

impl Schedule for Exponential {
    fn rate(&self, step: u64) -> f64 {
        self.rate * self.factor.powf(step as f64)
    }
}

/// Goes from one rate to another in a straight line, and stays there: PyTorch's `LinearLR`.
///
/// ```
/// use monograd::schedule::{Linear, Schedule};
///
/// assert_eq!(Linear::new(1.0, 0.0, 4).rate(1), 0.75);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    from: f64,
    to: f64,
    steps: u64,
}

impl Linear {
    /// Creates a schedule that is `from` at step 0 and `to` from step `steps` on.
    #[must_use]
    pub const fn new(from: f64, to: f64, steps: u64) -> Self {
        Self { from, to, steps }
    }
}

impl Schedule for Linear {
    fn rate(&self, step: u64) -> f64 {
        between(self.from, self.to, share(step, self.steps))
    }
}

/// Goes from one rate to another along half a cosine, and stays there (Loshchilov and Hutter 2017): PyTorch's
/// `CosineAnnealingLR`.
///
/// ```
/// use monograd::schedule::{Cosine, Schedule};
///
/// let schedule = Cosine::new(1.0, 0.0, 100);
/// assert!((schedule.rate(50) - 0.5).abs() < 1e-12 && schedule.rate(100) < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    from: f64,
    to: f64,
    steps: u64,
}

impl Cosine {
    /// Creates a schedule that is `from` at step 0 and `to` from step `steps` on.
    #[must_use]
    pub const fn new(from: f64, to: f64, steps: u64) -> Self {
        Self { from, to, steps }
    }
}

impl Schedule for Cosine {
    fn rate(&self, step: u64) -> f64 {
        between(self.from, self.to, half_cosine(share(step, self.steps)))
    }
}

/// Falls with the root of the number of steps (Vaswani et al. 2017): r sqrt(s / (s + step)).
///
/// With [`warm_up`](Schedule::warm_up) of s steps it is the schedule of the Transformer.
///
/// ```
/// use monograd::schedule::{InverseSquareRoot, Schedule};
///
/// let schedule = InverseSquareRoot::new(0.1, 100);
/// assert!(schedule.rate(400) < schedule.rate(100));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseSquareRoot {
    rate: f64,
    steps: u64,
}

impl InverseSquareRoot {
    /// Creates a schedule that begins with `rate` and has halved it after three times `steps`.
    #[must_use]
    pub const fn new(rate: f64, steps: u64) -> Self {
        Self { rate, steps: if steps == 0 { 1 } else { steps } }
    }
}

impl Schedule for InverseSquareRoot {
    fn rate(&self, step: u64) -> f64 {
        let steps = self.steps as f64;
        self.rate * (steps / (steps + step as f64)).sqrt()
    }
}
