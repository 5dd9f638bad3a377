//! Adam and AdamW, which differ in their weight decay.

use super::common::{Buffers, Common, Section};
use super::options::{Range, check, check_betas, methods, options, weight_decay};
use super::pass::{self, Update};
use super::{Optimizer, StepError};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// PyTorch's `Adam` (Kingma and Ba 2015): weight decay, if any, is added to the gradient.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), Adam::new(0.1).weight_decay(1e-4));
/// for _ in 0..300 {
///     net.train_step(&[0.0, 1.0], &[1.0, 3.0], &mut optimizer)?;
/// }
/// assert!(net.loss(&[0.0, 1.0], &[1.0, 3.0])? < 1e-3);
/// # Ok::<(), Error>(())
/// ```
pub type Adam<T> = AdamFamily<T, false>;

/// PyTorch's `AdamW` (Loshchilov and Hutter 2019): weight decay, 0.01 by default, shrinks the
/// parameters directly.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), AdamW::new(0.1).betas(0.9, 0.99).clip_norm(1.0));
/// for _ in 0..300 {
///     net.train_step(&[0.0, 1.0], &[1.0, 3.0], &mut optimizer)?;
/// }
/// assert!(net.loss(&[0.0, 1.0], &[1.0, 3.0])? < 0.1);
/// # Ok::<(), Error>(())
/// ```
pub type AdamW<T> = AdamFamily<T, true>;

/// [`Adam`] and [`AdamW`]. With gradient g, parameter w, moments m and v, learning rate r and
/// step t from 1:
///
/// m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²;
/// w = w - r m / (1 - β1^t) / (sqrt(v / (1 - β2^t)) + ε).
///
/// Weight decay d is applied first: as w = w - r d w in [`AdamW`], as g = g + d w in [`Adam`].
///
/// ```
/// use monograd::optimizer::AdamFamily;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// /// Takes a step with Adam or AdamW.
/// fn step<const DECOUPLED: bool>(
///     net: &mut Line,
///     optimizer: &mut AdamFamily<f32, DECOUPLED>,
/// ) -> Result<u64, Error> {
///     net.train_step(&[1.0], &[3.0], optimizer)?;
///     Ok(optimizer.steps())
/// }
///
/// let mut net = Line::init(1);
/// assert_eq!(step(&mut net, &mut AdamW::new(0.1))?, 1);
/// assert_eq!(step(&mut net, &mut Adam::new(0.1).amsgrad(true))?, 1);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct AdamFamily<T, const DECOUPLED: bool> {
    betas: (f64, f64),
    eps: f64,
    amsgrad: bool,
    common: Common<T>,
}

/// The slots of m, v and the maximum of v.
const FIRST: usize = 0;
const SECOND: usize = 1;
const MAXIMUM: usize = 2;

impl<T: Scalar, const DECOUPLED: bool> AdamFamily<T, DECOUPLED> {
    /// Creates the optimiser with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, weight decay 0
    /// ([`Adam`]) or 0.01 ([`AdamW`]). The usual learning rate is 1e-3.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            betas: (0.9, 0.999),
            eps: 1e-8,
            amsgrad: false,
            common: Common::new(learning_rate, if DECOUPLED { 0.01 } else { 0.0 }),
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
        [betas]
        /// Sets ε, which is added to the root of the mean square (by default 1e-8).
        eps: f64,
        /// If true, divides by the root of the largest v so far (AMSGrad, Reddi et al. 2018; by default false).
        amsgrad: bool,
    }

    weight_decay! {
        /// Sets the weight decay (by default 0 in [`Adam`], 0.01 in [`AdamW`]).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        check_betas::<T>(self.betas)?;
        check::<T>("eps", self.eps, Range::NotNegative)?;
        let (betas, eps, amsgrad) = (self.betas, self.eps, self.amsgrad);
        let steps = self.common.steps + 1;
        let slots = if amsgrad { &[FIRST, SECOND, MAXIMUM][..] } else { &[FIRST, SECOND] };
        self.common.step(buffers, slots, |section| {
            let rule = Rule::new::<DECOUPLED>(&section, betas, eps, steps);
            match (amsgrad, DECOUPLED) {
                (true, _) => {
                    section.run(Form::<_, DECOUPLED>(rule), [FIRST, SECOND, MAXIMUM]);
                }
                (_, true) => section.optimize(pass::Rule::AdamW(Form(rule)), [FIRST, SECOND]),
                (_, false) => section.optimize(pass::Rule::Adam(Form(rule)), [FIRST, SECOND]),
            }
        })
    }
}

impl<T: Scalar, const DECOUPLED: bool> Optimizer<T> for AdamFamily<T, DECOUPLED> {
    methods!(if DECOUPLED { "AdamW" } else { "Adam" }, ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]);
}

/// The update of one parameter, with m, v and, for AMSGrad, the maximum of v.
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

impl<T: Scalar> Rule<T> {
    /// Returns the rule of step number `steps` for one part of the parameters.
    fn new<const DECOUPLED: bool>(
        section: &Section<'_, T>,
        (first, second): (f64, f64),
        eps: f64,
        steps: u64,
    ) -> Self {
        let corrections = [first, second].map(|beta| 1.0 - beta.powf(steps as f64));
        let (rate, decay) = (section.learning_rate, section.weight_decay);
        Self {
            clip: section.clip,
            decay: T::from_f64(if DECOUPLED { 1.0 - rate * decay } else { decay }),
            first: T::from_f64(1.0 - first),
            second: T::from_f64(second),
            second_rest: T::from_f64(1.0 - second),
            root_scale: T::from_f64(1.0 / corrections[1].sqrt()),
            eps: T::from_f64(eps),
            rate: T::from_f64(-rate / corrections[0]),
        }
    }
}

/// Returns the rule of [`AdamW`], for an optimiser that updates some parameters by it.
pub(super) fn adamw<T: Scalar>(
    section: &Section<'_, T>,
    betas: (f64, f64),
    eps: f64,
    steps: u64,
) -> pass::Rule<T> {
    pass::Rule::AdamW(Form(Rule::new::<true>(section, betas, eps, steps)))
}

impl<T: Scalar, const STATES: usize, const DECOUPLED: bool> Update<T, STATES>
    for Form<T, DECOUPLED>
{
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, states: &mut [T; STATES]) -> T {
        let lane = |x| simd.lane(x);
        let rule = self.0;
        let decay = lane(rule.decay);
        let g = lane(g) * lane(rule.clip);
        let (w, g) =
            if DECOUPLED { (lane(w) * decay, g) } else { (lane(w), decay.mul_add(lane(w), g)) };
        let (m, v) = (lane(states[FIRST]), lane(states[SECOND]));
        let first = lane(rule.first).mul_add(g - m, m);
        let mut second = lane(rule.second).mul_add(v, lane(rule.second_rest) * g * g);
        (states[FIRST], states[SECOND]) = (first.value, second.value);
        if let Some(most) = states.get_mut(MAXIMUM) {
            second = second.maximum(lane(*most));
            *most = second.value;
        }
        let root = second.sqrt().mul_add(lane(rule.root_scale), lane(rule.eps));
        lane(rule.rate).mul_add(first / root, w).value
    }
}
