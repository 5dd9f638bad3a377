//! Groups: options of some parameters that differ from those of the rest.

use super::StepError;
use super::choices::Choices;
use super::options::{Range, check};
use crate::layout::{Parameter, entries};
use crate::scalar::Scalar;
use std::ops;

/// Options of the parameters whose names match a pattern, given to `group` of an optimiser, such as
/// [`AdamFamily::group`](super::AdamFamily::group).
///
/// ```
/// use monograd::prelude::*;
/// use monograd::optimizer::Group;
///
/// network! {
///     Net(x: [2]) -> [1] {
///         let embedding = Linear(4);
///         let head = Linear(1);
///         x >> embedding >> head
///     }
///     loss mse
/// }
///
/// let mut optimizer = AdamW::new(1e-3)
///     .group("embedding", Group::frozen())
///     .group("head", Group::new().rate(10.0).weight_decay(0.0));
/// let (mut net, before) = (Net::init(1), Net::init(1));
/// net.train_step(&[0.5, 1.0], &[2.0], &mut optimizer)?;
/// let is_same = |name: &str| {
///     let weight = |net: &Net| net.parameters().get(name).map(|p| p.as_slice().to_vec());
///     Ok::<bool, Error>(weight(&net)? == weight(&before)?)
/// };
/// assert!(is_same("embedding.weight")? && !is_same("head.weight")?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// The factor of the learning rate; `None` if the parameters are not updated.
    rate: Option<f64>,
    /// The weight decay; `None` for the optimiser's.
    weight_decay: Option<f64>,
}

impl Group {
    /// Returns the options of the optimiser.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a group without options is a beginning, not a default"
    )]
    pub const fn new() -> Self {
        Self { rate: Some(1.0), weight_decay: None }
    }

    /// Returns options under which the parameters stay as they are, and are not part of the norm to which
    /// gradients are clipped.
    #[must_use]
    pub const fn frozen() -> Self {
        Self { rate: None, weight_decay: None }
    }

    /// Multiplies the learning rate by a factor (by default 1), also when a schedule changes it.
    #[must_use]
    pub const fn rate(self, factor: f64) -> Self {
        Self { rate: Some(factor), ..self }
    }

    /// Replaces the weight decay.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay: Some(weight_decay), ..self }
    }
}

/// The groups of an optimiser, in the order in which they were given.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    groups: Choices<Group>,
    /// True if weight decay applies to parameters of two axes or more only.
    decay_matrices_only: bool,
}

/// The parameters that have the same options.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Their ranges in the buffer; adjacent ones are joined.
    pub ranges: Box<[ops::Range<usize>]>,
    /// The index of the group, if they are in one.
    group: Option<usize>,
    is_decayed: bool,
}

impl Groups {
    pub const fn new() -> Self {
        Self { groups: Choices::new(), decay_matrices_only: false }
    }

    pub fn add(&mut self, pattern: &str, group: Group) {
        self.groups.add(pattern, group);
    }

    pub const fn decay_matrices_only(&mut self) {
        self.decay_matrices_only = true;
    }

    /// Checks that every option is in its range.
    pub fn check<T: Scalar>(&self) -> Result<(), StepError> {
        self.groups.check()?;
        for (_, group) in self.groups.as_slice() {
            check::<T>("rate", group.rate.unwrap_or(0.0), Range::NotNegative)?;
            check::<T>("weight_decay", group.weight_decay.unwrap_or(0.0), Range::NotNegative)?;
        }
        Ok(())
    }

    /// Divides the trained parameters of a layout by their options. A parameter is in the first group whose
    /// pattern its name matches.
    pub fn parts(&self, layout: &[Parameter]) -> Result<Vec<Part>, StepError> {
        self.groups.check_used(layout)?;
        let groups = self.groups.as_slice();
        let mut parts: Vec<(Option<usize>, bool, Vec<ops::Range<usize>>)> = Vec::new();
        for entry in entries(layout) {
            let group = match groups.is_empty() {
                true => None,
                false => {
                    let name = entry.name();
                    groups.iter().position(|(pattern, _)| pattern.matches(&name))
                }
            };
            let range = entry.range();
            let frozen = group.is_some_and(|group| groups[group].1.rate.is_none());
            if entry.is_frozen() || frozen || range.is_empty() {
                continue;
            }
            let is_decayed = !self.decay_matrices_only || entry.shape().len() >= 2;
            let place = parts.iter().position(|part| (part.0, part.1) == (group, is_decayed));
            let place = place.unwrap_or_else(|| {
                parts.push((group, is_decayed, Vec::new()));
                parts.len() - 1
            });
            match parts[place].2.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => parts[place].2.push(range),
            }
        }
        let part = |(group, is_decayed, ranges): (_, _, Vec<_>)| Part {
            ranges: ranges.into(),
            group,
            is_decayed,
        };
        Ok(parts.into_iter().map(part).collect())
    }

    /// Returns the learning rate and the weight decay of a part, from those of the optimiser.
    pub fn options(&self, part: &Part, rate: f64, weight_decay: f64) -> (f64, f64) {
        let group = part.group.map_or(Group::new(), |group| self.groups.as_slice()[group].1);
        let decay = group.weight_decay.unwrap_or(weight_decay);
        (rate * group.rate.unwrap_or(0.0), if part.is_decayed { decay } else { 0.0 })
    }
}
