//! Stochastic gradient descent with momentum.

use super::clip::clip_factor;
use super::options::{Range, check, check_clipping, options, progress};
use super::owner::Owner;
use super::pass::{self, Update};
use super::state::State;
use super::{Optimizer, StepError};
use crate::layout::Parameter;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// PyTorch's `SGD` (momentum after Sutskever et al. 2013, dampening 0). With gradient g,
/// parameter w, velocity b, learning rate r, momentum m and weight decay d:
///
/// g' = g + d w; b = m b + g'; w = w - r b, or with Nesterov momentum w = w - r (g' + m b).
///
/// ```
/// use monograd::prelude::*;
///
/// let mut optimizer = Sgd::<f32>::new(0.1).momentum(0.9).nesterov(true).weight_decay(1e-4);
/// optimizer.set_learning_rate(0.01);
/// assert_eq!(optimizer.learning_rate(), 0.01);
/// ```
#[derive(Clone, Debug)]
pub struct Sgd<T> {
    learning_rate: f64,
    momentum: f64,
    nesterov: bool,
    weight_decay: f64,
    clip_norm: Option<f64>,
    steps: u64,
    network: Owner,
    velocity: State<T>,
}

impl<T: Scalar> Sgd<T> {
    /// Creates the optimiser without momentum and weight decay.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
            clip_norm: None,
            steps: 0,
            network: Owner::new(),
            velocity: State::new(),
        }
    }

    options! {
        /// Sets the momentum, the decay rate of the velocity (by default 0).
        momentum: f64,
        /// Enables Nesterov momentum (by default false). It requires a momentum other than 0.
        nesterov: bool,
        /// Sets the weight decay, which is added to the gradient (by default 0).
        weight_decay: f64,
    }

    /// Checks that every option is in its range.
    fn check_options(&self) -> Result<(), StepError> {
        check::<T>("learning_rate", self.learning_rate, Range::NotNegative)?;
        check::<T>("momentum", self.momentum, Range::NotNegative)?;
        check::<T>("weight_decay", self.weight_decay, Range::NotNegative)?;
        check_clipping::<T>(self.clip_norm)?;
        match self.nesterov && self.momentum == 0.0 {
            true => Err(StepError::NesterovWithoutMomentum),
            false => Ok(()),
        }
    }
}

impl<T: Scalar> Optimizer<T> for Sgd<T> {
    fn step(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let len = parameters.len();
        self.network.check(len, gradients.len(), layout)?;
        self.check_options()?;
        let rule = Rule {
            clip: T::from_f64(clip_factor(self.clip_norm, gradients, layout)),
            weight_decay: T::from_f64(self.weight_decay),
            momentum: T::from_f64(self.momentum),
            rate: T::from_f64(-self.learning_rate),
        };
        if self.momentum == 0.0 {
            T::optimize(pass::Rule::Sgd(Form(rule)), parameters, gradients, &mut [], layout);
        } else {
            let rule = match self.nesterov {
                true => pass::Rule::Nesterov(Form(rule)),
                false => pass::Rule::Sgd(Form(rule)),
            };
            T::optimize(rule, parameters, gradients, &mut [self.velocity.get(len)], layout);
        }
        self.network.note(layout);
        self.steps += 1;
        Ok(())
    }

    progress!();
}

#[derive(Clone, Copy)]
struct Rule<T> {
    clip: T,
    weight_decay: T,
    momentum: T,
    /// -r.
    rate: T,
}

/// The update of one parameter. Its state is the velocity, if there is momentum.
#[derive(Clone, Copy)]
pub struct Form<T, const NESTEROV: bool>(Rule<T>);

impl<T: Scalar, const STATES: usize, const NESTEROV: bool> Update<T, STATES> for Form<T, NESTEROV> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, states: &mut [T; STATES]) -> T {
        let lane = |x| simd.lane(x);
        let rule = self.0;
        let w = lane(w);
        let g = lane(rule.weight_decay).mul_add(w, lane(g) * lane(rule.clip));
        let direction = match states.first_mut() {
            None => g,
            Some(velocity) => {
                let moved = lane(rule.momentum).mul_add(lane(*velocity), g);
                *velocity = moved.value;
                if NESTEROV { lane(rule.momentum).mul_add(moved, g) } else { moved }
            }
        };
        lane(rule.rate).mul_add(direction, w).value
    }
}
