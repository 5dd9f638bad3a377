//! The memory of L-BFGS: the last steps, and how the gradient changed with each.

use crate::optimizer::StepError;
use crate::scalar::Scalar;
use std::collections::VecDeque;

/// The names of the states: the last step, its gradient, the changes of gradients and the steps, oldest first.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "step", "prev_grad", "old_dirs_0", "old_dirs_1", "old_dirs_2", "old_dirs_3", "old_dirs_4",
    "old_dirs_5", "old_dirs_6", "old_dirs_7", "old_dirs_8", "old_dirs_9", "old_dirs_10",
    "old_dirs_11", "old_dirs_12", "old_dirs_13", "old_dirs_14", "old_dirs_15", "old_dirs_16",
    "old_dirs_17", "old_dirs_18", "old_dirs_19", "old_dirs_20", "old_dirs_21", "old_dirs_22",
    "old_dirs_23", "old_dirs_24", "old_dirs_25", "old_dirs_26", "old_dirs_27", "old_dirs_28",
    "old_dirs_29", "old_dirs_30", "old_dirs_31", "old_dirs_32", "old_dirs_33", "old_dirs_34",
    "old_dirs_35", "old_dirs_36", "old_dirs_37", "old_dirs_38", "old_dirs_39", "old_dirs_40",
    "old_dirs_41", "old_dirs_42", "old_dirs_43", "old_dirs_44", "old_dirs_45", "old_dirs_46",
    "old_dirs_47", "old_dirs_48", "old_dirs_49", "old_dirs_50", "old_dirs_51", "old_dirs_52",
    "old_dirs_53", "old_dirs_54", "old_dirs_55", "old_dirs_56", "old_dirs_57", "old_dirs_58",
    "old_dirs_59", "old_dirs_60", "old_dirs_61", "old_dirs_62", "old_dirs_63", "old_dirs_64",
    "old_dirs_65", "old_dirs_66", "old_dirs_67", "old_dirs_68", "old_dirs_69", "old_dirs_70",
    "old_dirs_71", "old_dirs_72", "old_dirs_73", "old_dirs_74", "old_dirs_75", "old_dirs_76",
    "old_dirs_77", "old_dirs_78", "old_dirs_79", "old_dirs_80", "old_dirs_81", "old_dirs_82",
    "old_dirs_83", "old_dirs_84", "old_dirs_85", "old_dirs_86", "old_dirs_87", "old_dirs_88",
    "old_dirs_89", "old_dirs_90", "old_dirs_91", "old_dirs_92", "old_dirs_93", "old_dirs_94",
    "old_dirs_95", "old_dirs_96", "old_dirs_97", "old_dirs_98", "old_dirs_99", "old_stps_0",
    "old_stps_1", "old_stps_2", "old_stps_3", "old_stps_4", "old_stps_5", "old_stps_6",
    "old_stps_7", "old_stps_8", "old_stps_9", "old_stps_10", "old_stps_11", "old_stps_12",
    "old_stps_13", "old_stps_14", "old_stps_15", "old_stps_16", "old_stps_17", "old_stps_18",
    "old_stps_19", "old_stps_20", "old_stps_21", "old_stps_22", "old_stps_23", "old_stps_24",
    "old_stps_25", "old_stps_26", "old_stps_27", "old_stps_28", "old_stps_29", "old_stps_30",
    "old_stps_31", "old_stps_32", "old_stps_33", "old_stps_34", "old_stps_35", "old_stps_36",
    "old_stps_37", "old_stps_38", "old_stps_39", "old_stps_40", "old_stps_41", "old_stps_42",
    "old_stps_43", "old_stps_44", "old_stps_45", "old_stps_46", "old_stps_47", "old_stps_48",
    "old_stps_49", "old_stps_50", "old_stps_51", "old_stps_52", "old_stps_53", "old_stps_54",
    "old_stps_55", "old_stps_56", "old_stps_57", "old_stps_58", "old_stps_59", "old_stps_60",
    "old_stps_61", "old_stps_62", "old_stps_63", "old_stps_64", "old_stps_65", "old_stps_66",
    "old_stps_67", "old_stps_68", "old_stps_69", "old_stps_70", "old_stps_71", "old_stps_72",
    "old_stps_73", "old_stps_74", "old_stps_75", "old_stps_76", "old_stps_77", "old_stps_78",
    "old_stps_79", "old_stps_80", "old_stps_81", "old_stps_82", "old_stps_83", "old_stps_84",
    "old_stps_85", "old_stps_86", "old_stps_87", "old_stps_88", "old_stps_89", "old_stps_90",
    "old_stps_91", "old_stps_92", "old_stps_93", "old_stps_94", "old_stps_95", "old_stps_96",
    "old_stps_97", "old_stps_98", "old_stps_99",
];

/// Number of steps that have names.
pub(super) const MOST: usize = 100;

/// The last steps.
#[derive(Clone)]
pub(super) struct Memory<T> {
    /// The last step, and the gradient before it; empty before the first step.
    step: Vec<T>,
    gradient: Vec<T>,
    /// The changes of gradients, and the steps that made them, oldest first.
    changes: VecDeque<Vec<T>>,
    steps: VecDeque<Vec<T>>,
}

/// Prints the number of steps only, as each may have thousands of scalars.
impl<T> std::fmt::Debug for Memory<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} steps)", self.steps.len())
    }
}

impl<T: Scalar> Memory<T> {
    pub const fn new() -> Self {
        Self {
            step: Vec::new(),
            gradient: Vec::new(),
            changes: VecDeque::new(),
            steps: VecDeque::new(),
        }
    }

    /// Checks that the memory is of vectors of this length.
    pub fn require(&self, len: usize) -> Result<(), StepError> {
        match self.step.len() {
            0 => Ok(()),
            expected if expected == len => Ok(()),
            expected => Err(StepError::Parameters { actual: len, expected }),
        }
    }

    /// Returns the direction of the next step, by the two loops of Nocedal: the approximate inverse of the Hessian
    /// times the negative gradient.
    pub fn direction(&mut self, gradient: &[T], history: usize) -> Vec<T> {
        if !self.step.is_empty() {
            let pairs = gradient.iter().zip(&self.gradient);
            let change: Vec<T> = pairs.map(|(new, old)| *new - *old).collect();
            // a change against the step has no positive curvature
            if dot(&change, &self.step) > 1e-10 && history > 0 {
                self.changes.push_back(change);
                self.steps.push_back(self.step.clone());
            }
            while self.steps.len() > history {
                self.changes.pop_front();
                self.steps.pop_front();
            }
        }
        let mut q: Vec<T> = gradient.iter().map(|gradient| -*gradient).collect();
        let pairs = self.changes.iter().zip(&self.steps);
        let inverses: Vec<f64> = pairs.clone().map(|(y, s)| 1.0 / dot(y, s)).collect();
        let mut factors = vec![0.0; inverses.len()];
        for (i, (y, s)) in pairs.clone().enumerate().rev() {
            factors[i] = dot(s, &q) * inverses[i];
            super::add(&mut q, -factors[i], y);
        }
        if let (Some(y), Some(inverse)) = (self.changes.back(), inverses.last()) {
            let scale = T::from_f64(1.0 / (inverse * dot(y, y)));
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for (i, (y, s)) in pairs.enumerate() {
            let factor = factors[i] - dot(y, &q) * inverses[i];
            super::add(&mut q, factor, s);
        }
        q
    }

    /// Remembers a step from the place of `gradient`, and returns its largest change of a parameter.
    pub fn note(&mut self, gradient: Vec<T>, mut direction: Vec<T>, length: f64) -> f64 {
        let length = T::from_f64(length);
        direction.iter_mut().for_each(|step| *step *= length);
        (self.gradient, self.step) = (gradient, direction);
        largest(&self.step)
    }

    /// Remembers that no step was taken.
    pub fn stay(&mut self, gradient: &[T]) {
        self.step = vec![T::ZERO; gradient.len()];
        self.gradient = gradient.to_vec();
    }

    /// Returns the states by their names.
    pub fn states(&self) -> Vec<(&'static str, &[T])> {
        if self.step.is_empty() {
            return Vec::new();
        }
        let mut states = vec![(NAMES[0], &self.step[..]), (NAMES[1], &self.gradient[..])];
        let lists = [(&self.changes, 2), (&self.steps, 2 + MOST)];
        for (list, first) in lists {
            states.extend(list.iter().enumerate().map(|(i, state)| (NAMES[first + i], &state[..])));
        }
        states
    }

    /// Returns the memory of which [`states`](Self::states) returned the states.
    pub fn restored(states: Vec<(String, Vec<T>)>) -> Result<Self, StepError> {
        let given = states.len();
        let mut slots: Vec<Option<Vec<T>>> = vec![None; NAMES.len()];
        for (name, state) in states {
            match NAMES.iter().position(|known| *known == name) {
                Some(slot) => slots[slot] = Some(state),
                None => return Err(StepError::UnknownState { name }),
            }
        }
        let steps = slots.split_off(2 + MOST);
        let changes = slots.split_off(2);
        let last: Vec<Vec<T>> = slots.into_iter().flatten().collect();
        let list = |slots: Vec<Option<Vec<T>>>| slots.into_iter().map_while(|slot| slot).collect();
        let (changes, steps): (VecDeque<_>, VecDeque<_>) = (list(changes), list(steps));
        let is_whole = changes.len() == steps.len()
            && given == last.len() + changes.len() + steps.len()
            && matches!((last.len(), changes.len()), (0, 0) | (2, _));
        let mut last = last.into_iter();
        match (is_whole, last.next().unwrap_or_default(), last.next().unwrap_or_default()) {
            (true, step, gradient) => Ok(Self { step, gradient, changes, steps }),
            _ => {
                let name = "a part of the history alone".to_owned();
                Err(StepError::UnknownState { name })
            }
        }
    }
}

/// Returns the dot product, added up in `f64`.
pub(super) fn dot<T: Scalar>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum()
}

/// Returns the largest absolute value; NaN if there is one.
pub(super) fn largest<T: Scalar>(values: &[T]) -> f64 {
    values.iter().map(|value| value.to_f64().abs()).fold(0.0, |most, value| match value > most {
        true => value,
        false if value.is_nan() => value,
        false => most,
    })
}
