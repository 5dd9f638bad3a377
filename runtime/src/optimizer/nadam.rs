//! NAdam: Adam with Nesterov momentum.

use super::common::{Buffers, Common};
use super::options::{Range, check, check_betas, methods, options, weight_decay};
use super::pass::Update;
use super::{Optimizer, StepError};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// PyTorch's `NAdam` (Dozat 2016). With gradient g, parameter w, moments m and v, learning rate r, step t
/// from 1, and the momentum of a step μ(t) = β1 (1 - 0.96^(t ψ) / 2), whose product up to step t is P(t):
///
/// m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²; s = sqrt(v / (1 - β2^t)) + ε;
/// w = w - r (1 - μ(t)) / (1 - P(t)) g / s - r μ(t + 1) / (1 - P(t + 1)) m / s.
///
/// Weight decay d is applied first: as g = g + d w, or as w = w - r d w if it is decoupled.
///
/// ```
/// use monograd::{NAdam, Optimizer};
///
/// let optimizer: NAdam<f32> = NAdam::new(2e-3).momentum_decay(4e-3);
/// assert_eq!(optimizer.learning_rate(), 2e-3);
/// ```
#[derive(Clone, Debug)]
pub struct NAdam<T> {
    betas: (f64, f64),
    eps: f64,
    momentum_decay: f64,
    decoupled_weight_decay: bool,
    /// P(t), after t steps.
    product: (u64, f64),
    common: Common<T>,
}

/// The slots of m and v.
const FIRST: usize = 0;
const SECOND: usize = 1;

impl<T: Scalar> NAdam<T> {
    /// Creates the optimiser with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, momentum decay 4e-3, no
    /// weight decay. The usual learning rate is 2e-3.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            betas: (0.9, 0.999),
            eps: 1e-8,
            momentum_decay: 4e-3,
            decoupled_weight_decay: false,
            product: (0, 1.0),
            common: Common::new(learning_rate, 0.0),
        }
    }

    /// Sets the decay rates of the running mean of gradients and of their squares, β1 and β2 (by default
    /// 0.9 and 0.999).
    #[must_use]
    pub const fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self.product = (0, 1.0);
        self
    }

    /// Sets ψ, the rate at which the momentum approaches β1 (by default 4e-3).
    #[must_use]
    pub const fn momentum_decay(mut self, momentum_decay: f64) -> Self {
        self.momentum_decay = momentum_decay;
        self.product = (0, 1.0);
        self
    }

    options! {
        [betas]
        /// Sets ε, which is added to the root of the mean square (by default 1e-8).
        eps: f64,
        /// If true, weight decay shrinks the parameters directly, as in [`AdamW`](super::AdamW) (by default
        /// false: it is added to the gradient).
        decoupled_weight_decay: bool,
    }

    weight_decay! {
        /// Sets the weight decay (by default 0).
    }

    /// Returns μ(t).
    fn momentum(&self, step: u64) -> f64 {
        self.betas.0 * (1.0 - 0.5 * 0.96_f64.powf(step as f64 * self.momentum_decay))
    }

    /// Returns P(t), which continues from the last step's, if that is known.
    fn product(&self, steps: u64) -> f64 {
        let (known, mut product) = if self.product.0 <= steps { self.product } else { (0, 1.0) };
        for step in known + 1..=steps {
            product *= self.momentum(step);
            // a file may tell of any number of steps, and after some thousands 1 - P(t) is 1 for good
            if product < f64::MIN_POSITIVE {
                break;
            }
        }
        product
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        let (first, second) = self.betas;
        check_betas::<T>(self.betas)?;
        check::<T>("eps", self.eps, Range::NotNegative)?;
        check::<T>("momentum_decay", self.momentum_decay, Range::NotNegative)?;
        let steps = self.common.steps + 1;
        let product = self.product(steps);
        let (momentum, next) = (self.momentum(steps), self.momentum(steps + 1));
        let of_gradient = (1.0 - momentum) / (1.0 - product);
        let of_mean = next / (1.0 - product * next);
        let root_scale = 1.0 / (1.0 - second.powf(steps as f64)).sqrt();
        let (eps, decoupled) = (self.eps, self.decoupled_weight_decay);
        self.common.step(buffers, &[FIRST, SECOND], |section| {
            let (rate, decay) = (section.learning_rate, section.weight_decay);
            let rule = Rule {
                clip: section.clip,
                shrink: T::from_f64(if decoupled { 1.0 - rate * decay } else { 1.0 }),
                decay: T::from_f64(if decoupled { 0.0 } else { decay }),
                first: T::from_f64(1.0 - first),
                second: T::from_f64(second),
                second_rest: T::from_f64(1.0 - second),
                root_scale: T::from_f64(root_scale),
                eps: T::from_f64(eps),
                of_gradient: T::from_f64(-rate * of_gradient),
                of_mean: T::from_f64(-rate * of_mean),
            };
            section.run(rule, [FIRST, SECOND]);
        })?;
        self.product = (steps, product);
        Ok(())
    }
}

impl<T: Scalar> Optimizer<T> for NAdam<T> {
    methods!("NAdam", ["exp_avg", "exp_avg_sq"]);
}

/// The update of one parameter.
#[derive(Clone, Copy)]
struct Rule<T> {
    clip: T,
    /// 1 - r d if decoupled, else 1.
    shrink: T,
    /// d if not decoupled, else 0.
    decay: T,
    /// 1 - β1.
    first: T,
    /// β2.
    second: T,
    /// 1 - β2.
    second_rest: T,
    /// 1 / sqrt(1 - β2^t).
    root_scale: T,
    eps: T,
    /// The factor of g / s.
    of_gradient: T,
    /// The factor of m / s.
    of_mean: T,
}

impl<T: Scalar> Update<T, 2> for Rule<T> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, [m, v]: &mut [T; 2]) -> T {
        let lane = |x| simd.lane(x);
        let w = lane(w) * lane(self.shrink);
        let g = lane(self.decay).mul_add(w, lane(g) * lane(self.clip));
        let mean = lane(self.first).mul_add(g - lane(*m), lane(*m));
        let square = lane(self.second).mul_add(lane(*v), lane(self.second_rest) * g * g);
        (*m, *v) = (mean.value, square.value);
        let root = square.sqrt().mul_add(lane(self.root_scale), lane(self.eps));
        let moved = lane(self.of_mean).mul_add(mean, lane(self.of_gradient) * g);
        (w + moved / root).value
    }
}
