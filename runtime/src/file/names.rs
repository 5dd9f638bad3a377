//! Finds parameters by the names that rules give to tensors.

use super::json::Described;
use super::origin::Origin;
use super::report::Missing;
use super::slot::Slot;
use super::weights::Weights;
use crate::error::Result;
use crate::nearest::Nearest;
use std::borrow::Cow;
use std::collections::HashMap;

/// Number of missing parameters for which a similar name is looked for.
const MOST_SOUGHT: usize = 20;

/// The numbers of parameters by their names.
pub(super) struct Names<'w> {
    exact: HashMap<Cow<'static, str>, usize>,
    /// By the names without those prefixes that do not count; none if two have the same.
    short: HashMap<String, Option<usize>>,
    weights: &'w Weights,
}

impl<'w> Names<'w> {
    pub fn new(slots: &[Slot<'_>], weights: &'w Weights) -> Self {
        let (mut exact, mut short) = (HashMap::new(), HashMap::new());
        for (at, slot) in slots.iter().enumerate() {
            let name = slot.entry.name();
            if let Some(rest) = weights.without_prefix(&name) {
                short.entry(rest.to_owned()).and_modify(|known| *known = None).or_insert(Some(at));
            }
            exact.insert(name, at);
        }
        Self { exact, short, weights }
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        let rest = || self.weights.without_prefix(name).unwrap_or(name);
        self.exact.get(name).copied().or_else(|| self.short.get(rest()).copied().flatten())
    }

    /// Finds the tensors of similar names for the first missing parameters.
    pub fn seek(&self, origin: &Origin<'_>, missing: &mut [Missing]) -> Result<()> {
        let names: Vec<_> =
            missing.iter().take(MOST_SOUGHT).map(|missing| missing.parameter.clone()).collect();
        let mut sought: Vec<Nearest<'_>> = names.iter().map(|name| Nearest::to(name)).collect();
        let shards = if sought.is_empty() { 0 } else { origin.len() };
        for shard in 0..shards {
            let mut consider = |name: &str, _: &Described| {
                for target in self.weights.targets(name).unwrap_or_default() {
                    if self.find(&target.name).is_none() {
                        sought.iter_mut().for_each(|near| near.consider_as(&target.name, name));
                    }
                }
            };
            origin
                .each_tensor(shard, &mut consider)
                .map_err(|problem| problem.at(origin.path(shard)))?;
        }
        for (missing, near) in missing.iter_mut().zip(sought) {
            missing.nearest = near.found();
        }
        Ok(())
    }
}
