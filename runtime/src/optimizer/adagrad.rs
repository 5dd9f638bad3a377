//! Adagrad: divides the gradients by the root of the sum of their squares so far.

use super::common::{Buffers, Common};
use super::options::{Range, check, methods, options, weight_decay};
use super::pass::Update;
use super::{Optimizer, StepError};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// PyTorch's `Adagrad` (Duchi et al. 2011). With gradient g, parameter w, sum v, learning rate r, step t
/// from 1 and weight decay d:
///
/// g' = g + d w; v = v + g'²; w = w - r / (1 + (t - 1) λ) g' / (sqrt(v) + ε).
///
/// ```
/// use monograd::{Adagrad, Optimizer};
///
/// let optimizer: Adagrad<f32> = Adagrad::new(1e-2).weight_decay(1e-4);
/// assert_eq!(optimizer.learning_rate(), 1e-2);
/// ```
#[derive(Clone, Debug)]
pub struct Adagrad<T> {
    rate_decay: f64,
    eps: f64,
    common: Common<T>,
}

/// The slot of v.
const SUM: usize = 0;

impl<T: Scalar> Adagrad<T> {
    /// Creates the optimiser with PyTorch's defaults: eps 1e-10, no decay of the learning rate, no weight
    /// decay. The usual learning rate is 1e-2.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { rate_decay: 0.0, eps: 1e-10, common: Common::new(learning_rate, 0.0) }
    }

    options! {
        /// Sets λ, the decay of the learning rate in each step: PyTorch's `lr_decay` (by default 0).
        rate_decay: f64,
        /// Sets ε, which is added to the root of the sum (by default 1e-10).
        eps: f64,
    }

    weight_decay! {
        /// Sets the weight decay, which is added to the gradient (by default 0).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        let (eps, rate_decay) = (self.eps, self.rate_decay);
        check::<T>("eps", eps, Range::NotNegative)?;
        check::<T>("rate_decay", rate_decay, Range::NotNegative)?;
        let divisor = (self.common.steps as f64).mul_add(rate_decay, 1.0);
        self.common.step(buffers, &[SUM], |section| {
            let rule = Rule {
                clip: section.clip,
                weight_decay: T::from_f64(section.weight_decay),
                eps: T::from_f64(eps),
                rate: T::from_f64(-section.learning_rate / divisor),
            };
            section.run(rule, [SUM]);
        })
    }
}

impl<T: Scalar> Optimizer<T> for Adagrad<T> {
    methods!("Adagrad", ["sum"]);
}

/// The update of one parameter.
#[derive(Clone, Copy)]
struct Rule<T> {
    clip: T,
    weight_decay: T,
    eps: T,
    /// -r / (1 + (t - 1) λ).
    rate: T,
}

impl<T: Scalar> Update<T, 1> for Rule<T> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, [sum]: &mut [T; 1]) -> T {
        let lane = |x| simd.lane(x);
        let w = lane(w);
        let g = lane(self.weight_decay).mul_add(w, lane(g) * lane(self.clip));
        let squares = g.mul_add(g, lane(*sum));
        *sum = squares.value;
        lane(self.rate).mul_add(g / (squares.sqrt() + lane(self.eps)), w).value
    }
}
