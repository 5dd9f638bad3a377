//! Lion: steps of equal size, in the direction of the sign of an average of the gradients.

use super::common::{Buffers, Common};
use super::options::{check_betas, methods, options, weight_decay};
use super::pass::Update;
use super::{Optimizer, StepError};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"). With gradient g, parameter w,
/// average m, learning rate r and weight decay d:
///
/// w = w - r d w - r sign(β1 m + (1 - β1) g); then m = β2 m + (1 - β2) g.
///
/// ```
/// use monograd::{Lion, Optimizer};
///
/// let optimizer: Lion<f32> = Lion::new(1e-4).weight_decay(0.1);
/// assert_eq!(optimizer.learning_rate(), 1e-4);
/// ```
#[derive(Clone, Debug)]
pub struct Lion<T> {
    betas: (f64, f64),
    common: Common<T>,
}

/// The slot of m.
const AVERAGE: usize = 0;

impl<T: Scalar> Lion<T> {
    /// Creates the optimiser with its authors' defaults: betas 0.9 and 0.99, no weight decay. The usual
    /// learning rate is 1e-4, a third to a tenth of that of [`AdamW`](super::AdamW).
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { betas: (0.9, 0.99), common: Common::new(learning_rate, 0.0) }
    }

    /// Sets the share of the average in the direction, β1, and the decay rate of the average, β2 (by default
    /// 0.9 and 0.99).
    #[must_use]
    pub const fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self
    }

    options! { [betas] }

    weight_decay! {
        /// Sets the weight decay, which shrinks the parameters directly (by default 0).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        let (first, second) = self.betas;
        check_betas::<T>(self.betas)?;
        self.common.step(buffers, &[AVERAGE], |section| {
            let rule = Rule {
                clip: section.clip,
                decay: T::from_f64(1.0 - section.learning_rate * section.weight_decay),
                first: T::from_f64(1.0 - first),
                second: T::from_f64(1.0 - second),
                rate: T::from_f64(section.learning_rate),
            };
            section.run(rule, [AVERAGE]);
        })
    }
}

impl<T: Scalar> Optimizer<T> for Lion<T> {
    methods!("Lion", ["exp_avg"]);
}

/// The update of one parameter.
#[derive(Clone, Copy)]
struct Rule<T> {
    clip: T,
    /// 1 - r d.
    decay: T,
    /// 1 - β1.
    first: T,
    /// 1 - β2.
    second: T,
    rate: T,
}

impl<T: Scalar> Update<T, 1> for Rule<T> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, [m]: &mut [T; 1]) -> T {
        let lane = |x| simd.lane(x);
        let (g, average) = (lane(g) * lane(self.clip), lane(*m));
        let direction = lane(self.first).mul_add(g - average, average);
        *m = lane(self.second).mul_add(g - average, average).value;
        let w = lane(w) * lane(self.decay);
        let (rate, zero) = (lane(self.rate), lane(T::ZERO));
        let step = if direction > zero {
            rate
        } else if direction < zero {
            -rate
        } else {
            // a NaN stays one
            direction
        };
        (w - step).value
    }
}
