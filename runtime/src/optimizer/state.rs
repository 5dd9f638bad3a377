//! What an optimiser remembers of each parameter.

use crate::scalar::Scalar;
use std::fmt;

/// One scalar for each of the parameters' buffer; empty before the first step.
#[derive(Clone, Default, PartialEq)]
pub(super) struct State<T>(Vec<T>);

impl<T: Scalar> State<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// All of it: `len` zeros where it is still empty.
    pub(super) fn get(&mut self, len: usize) -> &mut [T] {
        self.0.resize(len, T::ZERO);
        &mut self.0
    }
}

/// Its length only: nobody reads a million scalars.
impl<T> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "State({} scalars)", self.0.len())
    }
}
