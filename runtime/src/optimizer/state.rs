//! The state that an optimiser keeps for each parameter.

use crate::scalar::Scalar;
use std::fmt;

/// One scalar for each scalar of the parameter buffer; empty before the first step.
#[derive(Clone, Default, PartialEq)]
pub(super) struct State<T>(Vec<T>);

impl<T: Scalar> State<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns the whole state. It is `len` zeros at first.
    pub(super) fn get(&mut self, len: usize) -> &mut [T] {
        self.0.resize(len, T::ZERO);
        &mut self.0
    }
}

/// Prints the length only, as the state may have millions of scalars.
impl<T> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "State({} scalars)", self.0.len())
    }
}
