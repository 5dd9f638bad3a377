//! The common part of optimisers, all but their rules: the common options, the network that one belongs to,
//! its state, and the order of a step.

use super::clip::clip_factor;
use super::groups::{Group, Groups, Part};
use super::options::{Range, check};
use super::owner::Owner;
use super::pass::{self, Update};
use super::{Rule, StepError};
use crate::layout::Parameter;
use crate::scalar::Scalar;

/// The common part of an optimiser.
#[derive(Clone, Debug)]
pub(super) struct Common<T> {
    pub learning_rate: f64,
    pub weight_decay: f64,
    pub clip_norm: Option<f64>,
    groups: Groups,
    pub steps: u64,
    network: Owner,
    /// The trained parameters by their options; `None` before the first step, and after a change of the groups.
    parts: Option<Vec<Part>>,
    /// The states of all parameters, by slot; empty before their first use.
    states: [State<T>; SLOTS],
}

/// The maximum number of states of a parameter.
pub(super) const SLOTS: usize = 3;

/// The buffers of parameters and gradients that a step is given, and their layout.
pub(super) struct Buffers<'a, T> {
    pub parameters: &'a mut [T],
    pub gradients: &'a [T],
    pub layout: &'a [Parameter],
}

/// The hyperparameters of one part of the parameters, and what a step does with it.
pub(super) struct Section<'a, T> {
    pub learning_rate: f64,
    pub weight_decay: f64,
    /// The factor of the gradients.
    pub clip: T,
    parameters: &'a mut [T],
    gradients: &'a [T],
    states: [&'a mut [T]; SLOTS],
    ranges: &'a [std::ops::Range<usize>],
}

impl<T: Scalar> Common<T> {
    pub const fn new(learning_rate: f64, weight_decay: f64) -> Self {
        Self {
            learning_rate,
            weight_decay,
            clip_norm: None,
            groups: Groups::new(),
            steps: 0,
            network: Owner::new(),
            parts: None,
            states: [const { State::new() }; SLOTS],
        }
    }

    pub fn group(&mut self, pattern: &str, group: Group) {
        self.groups.add(pattern, group);
        self.parts = None;
    }

    pub fn decay_matrices_only(&mut self) {
        self.groups.decay_matrices_only();
        self.parts = None;
    }

    /// Returns the options that all optimisers have, but for the learning rate, as text.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let mut options = vec![("weight_decay", format!("{:?}", self.weight_decay))];
        if let Some(max) = self.clip_norm {
            options.push(("clip_norm", format!("{max:?}")));
        }
        options.push(("groups", format!("{:?}", self.groups)));
        options
    }

    /// Takes a step: `rule` updates each part of the parameters with the states of `slots`. Nothing is changed
    /// if there is an error.
    pub fn step(
        &mut self,
        Buffers { parameters, gradients, layout }: Buffers<'_, T>,
        slots: &[usize],
        mut rule: impl FnMut(Section<'_, T>),
    ) -> Result<(), StepError> {
        self.network.check(parameters.len(), gradients.len(), layout)?;
        check::<T>("learning_rate", self.learning_rate, Range::NotNegative)?;
        check::<T>("weight_decay", self.weight_decay, Range::NotNegative)?;
        if let Some(max) = self.clip_norm {
            check::<T>("clip_norm", max, Range::Norm)?;
        }
        self.groups.check::<T>()?;
        let parts = match &mut self.parts {
            Some(parts) => parts,
            unknown => unknown.insert(self.groups.parts(layout)?),
        };
        let trained = || parts.iter().flat_map(|part| part.ranges.iter().cloned());
        let clip = T::from_f64(clip_factor(self.clip_norm, gradients, trained));
        for slot in slots {
            self.states[*slot].0.resize(parameters.len(), T::ZERO);
        }
        for part in parts.iter() {
            let (learning_rate, weight_decay) =
                self.groups.options(part, self.learning_rate, self.weight_decay);
            rule(Section {
                learning_rate,
                weight_decay,
                clip,
                parameters,
                gradients,
                states: self.states.each_mut().map(|state| &mut state.0[..]),
                ranges: &part.ranges,
            });
        }
        self.network.note(layout);
        self.steps += 1;
        Ok(())
    }

    /// Returns the states by slot; those that are not used are empty.
    pub fn states(&self) -> [&[T]; SLOTS] {
        self.states.each_ref().map(|state| &state.0[..])
    }

    /// Replaces the states, given by the names of their slots, and the number of steps.
    pub fn restore(
        &mut self,
        steps: u64,
        states: Vec<(String, Vec<T>)>,
        slots: &[&'static str],
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let mut restored = [const { State::new() }; SLOTS];
        for (name, state) in states {
            let Some(slot) = slots.iter().position(|slot| *slot == name) else {
                return Err(StepError::UnknownState { name });
            };
            self.network.check(state.len(), state.len(), layout)?;
            restored[slot] = State(state);
        }
        self.network.note(layout);
        (self.steps, self.states) = (steps, restored);
        Ok(())
    }
}

impl<T: Scalar> Section<'_, T> {
    /// Applies a rule whose loop is compiled with the library to the parameters and the states of `slots`.
    pub fn optimize<const STATES: usize>(self, rule: Rule<T>, slots: [usize; STATES]) {
        let Self { parameters, gradients, mut states, ranges, .. } = self;
        let states = &mut slots.map(|slot| std::mem::take(&mut states[slot]));
        T::optimize(rule, parameters, gradients, states, ranges);
    }

    /// Applies a rule whose loop is compiled where it is used.
    pub fn run<const STATES: usize>(self, update: impl Update<T, STATES>, slots: [usize; STATES]) {
        let Self { parameters, gradients, mut states, ranges, .. } = self;
        let states = slots.map(|slot| std::mem::take(&mut states[slot]));
        pass::run(update, parameters, gradients, states, ranges);
    }
}

/// One scalar for each scalar of the parameter buffer.
#[derive(Clone, Default, PartialEq)]
struct State<T>(Vec<T>);

impl<T> State<T> {
    const fn new() -> Self {
        Self(Vec::new())
    }
}

/// Prints the length only, as there may be millions of scalars.
impl<T> std::fmt::Debug for State<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({} scalars)", self.0.len())
    }
}
