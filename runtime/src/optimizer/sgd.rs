//! Stochastic gradient descent with momentum.

use super::common::{Buffers, Common};
use super::options::{Range, check, methods, options, weight_decay};
use super::pass::{self, Update};
use super::{Optimizer, StepError};
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
    momentum: f64,
    nesterov: bool,
    common: Common<T>,
}

/// The slot of the velocity.
const VELOCITY: usize = 0;

impl<T: Scalar> Sgd<T> {
    /// Creates the optimiser without momentum and weight decay.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { momentum: 0.0, nesterov: false, common: Common::new(learning_rate, 0.0) }
    }

    options! {
        /// Sets the momentum, the decay rate of the velocity (by default 0).
        momentum: f64,
        /// Enables Nesterov momentum (by default false). It requires a momentum other than 0.
        nesterov: bool,
    }

    weight_decay! {
        /// Sets the weight decay, which is added to the gradient (by default 0).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        let (momentum, nesterov) = (self.momentum, self.nesterov);
        check::<T>("momentum", momentum, Range::NotNegative)?;
        if nesterov && momentum == 0.0 {
            return Err(StepError::NesterovWithoutMomentum);
        }
        let slots = if momentum == 0.0 { &[][..] } else { &[VELOCITY] };
        self.common.step(buffers, slots, |section| {
            let rule = Rule {
                clip: section.clip,
                weight_decay: T::from_f64(section.weight_decay),
                momentum: T::from_f64(momentum),
                rate: T::from_f64(-section.learning_rate),
            };
            match (momentum == 0.0, nesterov) {
                (true, _) => section.optimize(pass::Rule::Sgd(Form(rule)), []),
                (_, true) => section.optimize(pass::Rule::Nesterov(Form(rule)), [VELOCITY]),
                (_, false) => section.optimize(pass::Rule::Sgd(Form(rule)), [VELOCITY]),
            }
        })
    }
}

impl<T: Scalar> Optimizer<T> for Sgd<T> {
    methods!("Sgd", ["momentum_buffer"]);
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
