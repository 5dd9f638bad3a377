//! Options of parameters by patterns of their names.

use super::StepError;
use crate::layout::{Parameter, entries};
use crate::pattern::Pattern;

/// Options by pattern, in the order in which they were given. Builder methods cannot fail, so that a pattern that has no
/// meaning is kept until the first step, which reports it.
#[derive(Clone, Debug)]
pub(super) struct Choices<O> {
    of_patterns: Vec<(Pattern, O)>,
    /// The first pattern that has no meaning, and the reason.
    wrong: Option<(String, String)>,
}

impl<O> Choices<O> {
    pub const fn new() -> Self {
        Self { of_patterns: Vec::new(), wrong: None }
    }

    pub fn add(&mut self, pattern: &str, options: O) {
        match Pattern::new(pattern) {
            Ok(pattern) => self.of_patterns.push((pattern, options)),
            Err(reason) => {
                self.wrong.get_or_insert_with(|| (pattern.to_owned(), reason));
            }
        }
    }

    /// Returns the options with their patterns.
    pub fn as_slice(&self) -> &[(Pattern, O)] {
        &self.of_patterns
    }

    /// Checks that every pattern has a meaning.
    pub fn check(&self) -> Result<(), StepError> {
        match self.wrong.clone() {
            Some((pattern, reason)) => Err(StepError::Pattern { pattern, reason }),
            None => Ok(()),
        }
    }

    /// Checks that every pattern matches a parameter, also one that another pattern matches as well.
    pub fn check_used(&self, layout: &[Parameter]) -> Result<(), StepError> {
        let is_used =
            |pattern: &Pattern| entries(layout).any(|entry| pattern.matches(&entry.name()));
        match self.of_patterns.iter().find(|(pattern, _)| !is_used(pattern)) {
            Some((unused, _)) => Err(StepError::no_such_parameter(unused, layout)),
            None => Ok(()),
        }
    }
}
