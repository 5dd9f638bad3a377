//! RMSProp: divides the gradients by the root of their mean square.

use super::common::{Buffers, Common};
use super::options::{Range, check, methods, options, weight_decay};
use super::pass::Update;
use super::{Optimizer, StepError};
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
///
/// ```
/// use monograd::{Optimizer, RmsProp};
///
/// let optimizer: RmsProp<f32> = RmsProp::new(1e-2).momentum(0.9);
/// assert_eq!(optimizer.learning_rate(), 1e-2);
/// ```
#[derive(Clone, Debug)]
pub struct RmsProp<T> {
    alpha: f64,
    eps: f64,
    momentum: f64,
    centered: bool,
    common: Common<T>,
}

/// The slots of v, a and b.
const SQUARE: usize = 0;
const MEAN: usize = 1;
const VELOCITY: usize = 2;

impl<T: Scalar> RmsProp<T> {
    /// Creates the optimiser with PyTorch's defaults: alpha 0.99, eps 1e-8, no momentum, not centred. The
    /// usual learning rate is 1e-2.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            alpha: 0.99,
            eps: 1e-8,
            momentum: 0.0,
            centered: false,
            common: Common::new(learning_rate, 0.0),
        }
    }

    options! {
        /// Sets α, the decay rate of the mean square (by default 0.99).
        alpha: f64,
        /// Sets ε, which is added to the root of the mean square (by default 1e-8).
        eps: f64,
        /// Sets the momentum, the decay rate of the velocity (by default 0).
        momentum: f64,
        /// If true, divides by the standard deviation instead of the root of the mean square (by default false).
        centered: bool,
    }

    weight_decay! {
        /// Sets the weight decay, which is added to the gradient (by default 0).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        let (alpha, eps, momentum, centered) = (self.alpha, self.eps, self.momentum, self.centered);
        check::<T>("alpha", alpha, Range::UpToOne)?;
        check::<T>("eps", eps, Range::NotNegative)?;
        check::<T>("momentum", momentum, Range::NotNegative)?;
        let slots: &[usize] = match (centered, momentum != 0.0) {
            (false, false) => &[SQUARE],
            (true, false) => &[SQUARE, MEAN],
            (false, true) => &[SQUARE, VELOCITY],
            (true, true) => &[SQUARE, MEAN, VELOCITY],
        };
        self.common.step(buffers, slots, |section| {
            let rule = Rule {
                clip: section.clip,
                weight_decay: T::from_f64(section.weight_decay),
                alpha: T::from_f64(alpha),
                rest: T::from_f64(1.0 - alpha),
                eps: T::from_f64(eps),
                momentum: T::from_f64(momentum),
                rate: T::from_f64(-section.learning_rate),
            };
            match (centered, momentum != 0.0) {
                (false, false) => section.run(Form::<_, false, false>(rule), [SQUARE]),
                (true, false) => section.run(Form::<_, true, false>(rule), [SQUARE, MEAN]),
                (false, true) => section.run(Form::<_, false, true>(rule), [SQUARE, VELOCITY]),
                (true, true) => {
                    section.run(Form::<_, true, true>(rule), [SQUARE, MEAN, VELOCITY]);
                }
            }
        })
    }
}

impl<T: Scalar> Optimizer<T> for RmsProp<T> {
    methods!("RmsProp", ["square_avg", "grad_avg", "momentum_buffer"]);
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
