//! Adam and AdamW, which differ in their weight decay.

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

/// PyTorch's `Adam` (Kingma and Ba 2015): weight decay, if any, is added to the gradient.
pub type Adam<T> = AdamFamily<T, false>;

/// PyTorch's `AdamW` (Loshchilov and Hutter 2019): weight decay, 0.01 by default, shrinks the
/// parameters directly.
pub type AdamW<T> = AdamFamily<T, true>;

/// [`Adam`] and [`AdamW`]. With gradient g, parameter w, moments m and v, learning rate r and
/// step t from 1:
///
/// m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²;
/// w = w - r m / (1 - β1^t) / (sqrt(v / (1 - β2^t)) + ε).
///
/// Weight decay d is applied first: as w = w - r d w in [`AdamW`], as g = g + d w in [`Adam`].
#[derive(Clone, Debug)]
pub struct AdamFamily<T, const DECOUPLED: bool> {
    learning_rate: f64,
    betas: (f64, f64),
    eps: f64,
    weight_decay: f64,
    clip_norm: Option<f64>,
    steps: u64,
    network: Owner,
    first_moment: State<T>,
    second_moment: State<T>,
}

impl<T: Scalar, const DECOUPLED: bool> AdamFamily<T, DECOUPLED> {
    /// Creates the optimiser with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, weight decay 0
    /// ([`Adam`]) or 0.01 ([`AdamW`]). The usual learning rate is 1e-3.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            betas: (0.9, 0.999),
            eps: 1e-8,
            weight_decay: if DECOUPLED { 0.01 } else { 0.0 },
            clip_norm: None,
            steps: 0,
            network: Owner::new(),
            first_moment: State::new(),
            second_moment: State::new(),
        }
    }

    /// Sets the decay rates of the running mean of gradients and of their squares, β1 and β2 (by default
    /// 0.9 and 0.999).
    #[must_use]
    pub const fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self
    }

    options! {
        /// Sets ε, which is added to the root of the mean square (by default 1e-8).
        eps: f64,
        /// Sets the weight decay (by default 0 in [`Adam`], 0.01 in [`AdamW`]).
        weight_decay: f64,
    }

    /// Checks that every option is in its range.
    fn check_options(&self) -> Result<(), StepError> {
        check::<T>("learning_rate", self.learning_rate, Range::NotNegative)?;
        check::<T>("betas", self.betas.0, Range::BelowOne)?;
        check::<T>("betas", self.betas.1, Range::BelowOne)?;
        check::<T>("eps", self.eps, Range::NotNegative)?;
        check::<T>("weight_decay", self.weight_decay, Range::NotNegative)?;
        check_clipping::<T>(self.clip_norm)
    }
}

impl<T: Scalar, const DECOUPLED: bool> Optimizer<T> for AdamFamily<T, DECOUPLED> {
    fn step(
        &mut self,
        parameters: &mut [T],
        gradients: &[T],
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let len = parameters.len();
        self.network.check(len, gradients.len(), layout)?;
        self.check_options()?;
        let steps = self.steps + 1;
        let (first, second) = self.betas;
        let corrections = [first, second].map(|beta| 1.0 - beta.powf(steps as f64));
        let decay = self.weight_decay;
        let rule = Rule {
            clip: T::from_f64(clip_factor(self.clip_norm, gradients, layout)),
            decay: T::from_f64(if DECOUPLED { 1.0 - self.learning_rate * decay } else { decay }),
            first: T::from_f64(1.0 - first),
            second: T::from_f64(second),
            second_rest: T::from_f64(1.0 - second),
            root_scale: T::from_f64(1.0 / corrections[1].sqrt()),
            eps: T::from_f64(self.eps),
            rate: T::from_f64(-self.learning_rate / corrections[0]),
        };
        let rule = match DECOUPLED {
            true => pass::Rule::AdamW(Form(rule)),
            false => pass::Rule::Adam(Form(rule)),
        };
        let states = &mut [self.first_moment.get(len), self.second_moment.get(len)];
        T::optimize(rule, parameters, gradients, states, layout);
        self.network.note(layout);
        self.steps = steps;
        Ok(())
    }

    progress!();
}

/// The update of one parameter.
#[derive(Clone, Copy)]
pub struct Form<T, const DECOUPLED: bool>(Rule<T>);

#[derive(Clone, Copy)]
struct Rule<T> {
    clip: T,
    /// 1 - r d if decoupled, else d.
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
    /// -r / (1 - β1^t).
    rate: T,
}

impl<T: Scalar, const DECOUPLED: bool> Update<T, 2> for Form<T, DECOUPLED> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, [m, v]: &mut [T; 2]) -> T {
        let lane = |x| simd.lane(x);
        let rule = self.0;
        let decay = lane(rule.decay);
        let g = lane(g) * lane(rule.clip);
        let (w, g) =
            if DECOUPLED { (lane(w) * decay, g) } else { (lane(w), decay.mul_add(lane(w), g)) };
        let first = lane(rule.first).mul_add(g - lane(*m), lane(*m));
        let second = lane(rule.second).mul_add(lane(*v), lane(rule.second_rest) * g * g);
        (*m, *v) = (first.value, second.value);
        let root = second.sqrt().mul_add(lane(rule.root_scale), lane(rule.eps));
        lane(rule.rate).mul_add(first / root, w).value
    }
}
