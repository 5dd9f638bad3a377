//! RMSProp: divides the gradients by the root of their mean square.

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

/// PyTorch's `RMSprop` (Tieleman and Hinton 2012; centred after Graves 2013). With gradient g,
/// parameter w, mean square v, learning rate r and weight decay d:
///
/// g' = g + d w; v = α v + (1 - α) g'²; w = w - r g' / (sqrt(v) + ε).
///
/// If centred, a running mean a = α a + (1 - α) g' replaces the root by that of the variance,
/// sqrt(v - a²). With momentum m, b = m b + g' / (..) and w = w - r b.
#[derive(Clone, Debug)]
pub struct RmsProp<T> {
    learning_rate: f64,
    alpha: f64,
    eps: f64,
    weight_decay: f64,
    momentum: f64,
    centered: bool,
    clip_norm: Option<f64>,
    steps: u64,
    network: Owner,
    mean_square: State<T>,
    mean: State<T>,
    velocity: State<T>,
}

impl<T: Scalar> RmsProp<T> {
    /// Creates the optimiser with PyTorch's defaults: alpha 0.99, eps 1e-8, no momentum, not centred. The
    /// usual learning rate is 1e-2.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            alpha: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
            momentum: 0.0,
            centered: false,
            clip_norm: None,
            steps: 0,
            network: Owner::new(),
            mean_square: State::new(),
            mean: State::new(),
            velocity: State::new(),
        }
    }

    options! {
        /// Sets α, the decay rate of the mean square (by default 0.99).
        alpha: f64,
        /// Sets ε, which is added to the root of the mean square (by default 1e-8).
        eps: f64,
        /// Sets the weight decay, which is added to the gradient (by default 0).
        weight_decay: f64,
        /// Sets the momentum, the decay rate of the velocity (by default 0).
        momentum: f64,
        /// If true, divides by the standard deviation instead of the root of the mean square (by default false).
        centered: bool,
    }

    /// Checks that every option is in its range.
    fn check_options(&self) -> Result<(), StepError> {
        check::<T>("learning_rate", self.learning_rate, Range::NotNegative)?;
        check::<T>("alpha", self.alpha, Range::UpToOne)?;
        check::<T>("eps", self.eps, Range::NotNegative)?;
        check::<T>("weight_decay", self.weight_decay, Range::NotNegative)?;
        check::<T>("momentum", self.momentum, Range::NotNegative)?;
        check_clipping::<T>(self.clip_norm)
    }
}

impl<T: Scalar> Optimizer<T> for RmsProp<T> {
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
            alpha: T::from_f64(self.alpha),
            rest: T::from_f64(1.0 - self.alpha),
            eps: T::from_f64(self.eps),
            momentum: T::from_f64(self.momentum),
            rate: T::from_f64(-self.learning_rate),
        };
        let (square, mean, velocity) = (&mut self.mean_square, &mut self.mean, &mut self.velocity);
        match (self.centered, self.momentum != 0.0) {
            (false, false) => {
                let update = Form::<_, false, false>(rule);
                pass::run(update, parameters, gradients, [square.get(len)], layout);
            }
            (true, false) => {
                let states = [square.get(len), mean.get(len)];
                pass::run(Form::<_, true, false>(rule), parameters, gradients, states, layout);
            }
            (false, true) => {
                let states = [square.get(len), velocity.get(len)];
                pass::run(Form::<_, false, true>(rule), parameters, gradients, states, layout);
            }
            (true, true) => {
                let states = [square.get(len), mean.get(len), velocity.get(len)];
                pass::run(Form::<_, true, true>(rule), parameters, gradients, states, layout);
            }
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
    alpha: T,
    /// 1 - α.
    rest: T,
    eps: T,
    momentum: T,
    /// -r.
    rate: T,
}

/// The update of one parameter. The states are the mean square, then the mean if centred, then the velocity
/// if there is momentum.
#[derive(Clone, Copy)]
struct Form<T, const CENTERED: bool, const MOMENTUM: bool>(Rule<T>);

impl<T: Scalar, const STATES: usize, const CENTERED: bool, const MOMENTUM: bool> Update<T, STATES>
    for Form<T, CENTERED, MOMENTUM>
{
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, states: &mut [T; STATES]) -> T {
        let lane = |x| simd.lane(x);
        let rule = self.0;
        let w = lane(w);
        let g = lane(rule.weight_decay).mul_add(w, lane(g) * lane(rule.clip));
        let square = lane(rule.alpha).mul_add(lane(states[0]), lane(rule.rest) * g * g);
        states[0] = square.value;
        let variance = if CENTERED {
            let mean = lane(rule.rest).mul_add(g - lane(states[1]), lane(states[1]));
            states[1] = mean.value;
            // Rounding may make the variance negative; in PyTorch its root is then NaN.
            (square - mean * mean).maximum(lane(T::ZERO))
        } else {
            square
        };
        let mut direction = g / (variance.sqrt() + lane(rule.eps));
        if MOMENTUM {
            direction = lane(rule.momentum).mul_add(lane(states[STATES - 1]), direction);
            states[STATES - 1] = direction.value;
        }
        lane(rule.rate).mul_add(direction, w).value
    }
}
