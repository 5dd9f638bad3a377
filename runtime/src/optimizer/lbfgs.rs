//! L-BFGS: steps along a direction that the last gradients tell, for small problems with all data at once.

use super::options::{Range, check};
use super::owner::Owner;
use super::{Optimizer, StepError};
use crate::error::Result;
use crate::layout::{Parameter, buffer_len, entries};
use crate::network::Trainable;
use crate::scalar::Scalar;
use crate::source::Feed;
use std::ops;

mod memory;
mod search;

use memory::{MOST, Memory, NAMES, dot};
use search::{Point, Search};

/// PyTorch's `LBFGS` (Nocedal 1980), by default with its line search `strong_wolfe`.
///
/// It evaluates the loss of the same data several times in a step, so that it is called with the data:
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Curve(x: [1]) -> [1] { x >> Linear(8) >> Tanh >> Linear(1) }
///     loss mse
/// }
///
/// let x: Vec<f32> = (0..32).map(|i| i as f32 / 16.0 - 1.0).collect();
/// let y: Vec<f32> = x.iter().map(|x| (3.0 * x).sin()).collect();
/// let mut net = Curve::init(1);
/// let mut optimizer = Lbfgs::new();
/// for _ in 0..10 {
///     optimizer.minimize(&mut net, &x, &y)?; // 20 iterations at most
/// }
/// assert!(net.loss(&x, &y)? < 1e-3);
/// # Ok::<(), Error>(())
/// ```
///
/// [`minimize_function`](Self::minimize_function) is for functions that are no network. As an [`Optimizer`], for
/// example in `train_step`, it takes one iteration with a step of fixed length, without a line search: PyTorch's with
/// `max_iter=1` and without `line_search_fn`.
///
/// Dropout, if there is any, is the same in all evaluations.
#[derive(Clone, Debug)]
pub struct Lbfgs<T> {
    learning_rate: f64,
    iterations: usize,
    evaluations: Option<usize>,
    tolerance_gradient: f64,
    tolerance_change: f64,
    history: usize,
    line_search: bool,
    steps: u64,
    network: Owner,
    memory: Memory<T>,
}

/// Writes the gradient at a place to its second argument, and returns the value.
type Function<'a, T> = dyn FnMut(&[T], &mut [T]) -> Result<f64> + 'a;

/// Builder methods, each for the field of its name.
macro_rules! builders {
    ($($(#[$documentation:meta])* $option:ident: $type:ty,)*) => {$(
        $(#[$documentation])*
        #[must_use]
        pub const fn $option(mut self, $option: $type) -> Self {
            self.$option = $option;
            self
        }
    )*};
}

impl<T: Scalar> Default for Lbfgs<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar> Lbfgs<T> {
    /// Creates the optimiser with PyTorch's defaults, and a line search: learning rate 1, 20 iterations a call, 25
    /// evaluations, tolerances 1e-7 of the gradient and 1e-9 of a change, a history of 100 steps.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            learning_rate: 1.0,
            iterations: 20,
            evaluations: None,
            tolerance_gradient: 1e-7,
            tolerance_change: 1e-9,
            history: 100,
            line_search: true,
            steps: 0,
            network: Owner::new(),
            memory: Memory::new(),
        }
    }

    builders! {
        /// Sets the factor of a step, or the length at which a line search begins (by default 1).
        learning_rate: f64,
        /// Sets the largest number of iterations of a call (by default 20).
        iterations: usize,
        /// Sets the largest number of evaluations of a call (`None`: 5/4 of the iterations).
        evaluations: Option<usize>,
        /// Stops when no gradient is larger (by default 1e-7).
        tolerance_gradient: f64,
        /// Stops when the loss, or every parameter, changes by less (by default 1e-9).
        tolerance_change: f64,
        /// If true, the length of a step satisfies the strong Wolfe conditions (by default true; PyTorch's default is
        /// false).
        line_search: bool,
    }

    /// Sets the number of steps that are remembered, each of which takes two copies of the parameters (by default
    /// 100, which is also the most).
    #[must_use]
    pub const fn history(mut self, history: usize) -> Self {
        self.history = if history < MOST { history } else { MOST };
        self
    }

    /// Runs some iterations on a network with all of its data, and returns the last loss.
    ///
    /// # Errors
    /// Those of [`Network::gradients`](crate::Network::gradients) and of [`Optimizer::update`]. The network is then at the best parameters
    /// so far, or as it was.
    pub fn minimize<'a, 'b, N: Trainable<Scalar = T>>(
        &mut self,
        net: &mut N,
        inputs: impl Feed<N::Inputs<'a>> + Copy,
        targets: impl Feed<N::Targets<'b>> + Copy,
    ) -> Result<T> {
        let mut parameters = net.state().parameters.to_vec();
        let len = parameters.len();
        self.network.check(len, len, N::LAYOUT)?;
        let trained = trained(N::LAYOUT);
        let outcome = self.run(&mut parameters, &trained, &mut |parameters, gradient| {
            net.state_mut().parameters.copy_from_slice(parameters);
            let (loss, gradients) = net.gradients(inputs, targets)?;
            gradient.copy_from_slice(gradients.as_slice());
            Ok(loss.to_f64())
        });
        net.state_mut().parameters.copy_from_slice(&parameters);
        self.network.note(N::LAYOUT);
        outcome.map(T::from_f64)
    }

    /// Runs some iterations on a function of `x`, which writes its gradient to its second argument and returns its
    /// value. Returns the last value.
    ///
    /// ```
    /// use monograd::{Error, Lbfgs};
    ///
    /// // Rosenbrock's valley
    /// let mut x = [-1.2, 1.0];
    /// let mut optimizer = Lbfgs::new().iterations(100);
    /// let value = optimizer.minimize_function(&mut x, |x, gradient| {
    ///     let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
    ///     gradient[0] = -2.0 * a - 400.0 * x[0] * b;
    ///     gradient[1] = 200.0 * b;
    ///     Ok(a * a + 100.0 * b * b)
    /// })?;
    /// assert!(value < 1e-8);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the function, and if an option is out of range.
    pub fn minimize_function(
        &mut self,
        x: &mut [T],
        mut function: impl FnMut(&[T], &mut [T]) -> Result<T>,
    ) -> Result<T> {
        let all = 0..x.len();
        self.memory.require(x.len())?;
        let value = self.run(x, std::slice::from_ref(&all), &mut |x, gradient| {
            Ok(function(x, gradient)?.to_f64())
        })?;
        Ok(T::from_f64(value))
    }

    fn check(&self) -> Result<(), StepError> {
        check::<T>("learning_rate", self.learning_rate, Range::NotNegative)?;
        check::<T>("tolerance_gradient", self.tolerance_gradient, Range::NotNegative)?;
        check::<T>("tolerance_change", self.tolerance_change, Range::NotNegative)
    }

    /// Returns the length of a step, or the one at which a line search begins.
    fn length(&self, gradient: &[T]) -> f64 {
        if self.steps > 0 {
            return self.learning_rate;
        }
        let sum: f64 = gradient.iter().map(|gradient| gradient.to_f64().abs()).sum();
        (1.0 / sum).min(1.0) * self.learning_rate
    }

    /// Runs iterations from `x`, of which only the scalars in `ranges` change.
    fn run(
        &mut self,
        x: &mut [T],
        ranges: &[ops::Range<usize>],
        function: &mut Function<'_, T>,
    ) -> Result<f64> {
        self.check()?;
        let most = self.evaluations.unwrap_or(self.iterations * 5 / 4);
        let mut evaluate = |x: &[T]| -> Result<Point<T>> {
            let mut gradient = vec![T::ZERO; x.len()];
            let value = function(x, &mut gradient)?;
            keep(ranges, &mut gradient);
            Ok(Point { value, gradient })
        };
        let mut point = evaluate(x)?;
        let mut evaluations = 1;
        for iteration in 1..=self.iterations {
            if point.largest() <= self.tolerance_gradient {
                break;
            }
            let direction = self.memory.direction(&point.gradient, self.history);
            let slope = dot(&point.gradient, &direction);
            let mut length = self.length(&point.gradient);
            self.steps += 1;
            if slope > -self.tolerance_change || slope.is_nan() {
                self.memory.stay(&point.gradient);
                break;
            }
            let before = (point.value, point.gradient.clone());
            if self.line_search {
                let search = Search {
                    direction: &direction,
                    slope,
                    tolerance: self.tolerance_change,
                    most: most.saturating_sub(evaluations),
                };
                let found = search.run(x, point, length, &mut evaluate)?;
                evaluations += found.evaluations;
                (point, length) = (found.point, found.length);
                add(x, length, &direction);
            } else {
                add(x, length, &direction);
                if iteration < self.iterations {
                    point = evaluate(x)?;
                    evaluations += 1;
                }
            }
            let largest = self.memory.note(before.1, direction, length);
            if evaluations >= most
                || largest <= self.tolerance_change
                || (point.value - before.0).abs() < self.tolerance_change
            {
                break;
            }
        }
        Ok(point.value)
    }
}

/// Adds `length` times the direction.
fn add<T: Scalar>(x: &mut [T], length: f64, direction: &[T]) {
    let length = T::from_f64(length);
    x.iter_mut().zip(direction).for_each(|(x, direction)| *x += length * *direction);
}

/// Returns the ranges of the parameters that are learned.
fn trained(layout: &[Parameter]) -> Vec<ops::Range<usize>> {
    entries(layout).filter(|entry| !entry.is_frozen()).map(|entry| entry.range()).collect()
}

/// Clears what is in none of the ranges, which are in order.
fn keep<T: Scalar>(ranges: &[ops::Range<usize>], values: &mut [T]) {
    let mut start = 0;
    for range in ranges {
        values[start..range.start].fill(T::ZERO);
        start = range.end;
    }
    values[start..].fill(T::ZERO);
}

impl<T: Scalar> Optimizer<T> for Lbfgs<T> {
    fn update(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        self.network.check(parameters.len(), gradients.len(), layout)?;
        self.check()?;
        let mut gradient = gradients.to_vec();
        keep(&trained(layout), &mut gradient);
        let direction = self.memory.direction(&gradient, self.history);
        let length = self.length(&gradient);
        if dot(&gradient, &direction) <= -self.tolerance_change {
            add(parameters, length, &direction);
            self.memory.note(gradient, direction, length);
        } else {
            self.memory.stay(&gradient);
        }
        self.network.note(layout);
        self.steps += 1;
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn name(&self) -> &'static str {
        "Lbfgs"
    }

    fn state_names(&self) -> &'static [&'static str] {
        NAMES
    }

    fn states(&self) -> Vec<(&'static str, &[T])> {
        self.memory.states()
    }

    fn restore(
        &mut self,
        steps: u64,
        states: Vec<(String, Vec<T>)>,
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let len = buffer_len(layout);
        for (_, state) in &states {
            self.network.check(len, state.len(), layout)?;
        }
        self.memory = Memory::restored(states)?;
        self.network.note(layout);
        self.steps = steps;
        Ok(())
    }
}
