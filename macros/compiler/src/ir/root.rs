//! The values for which a graph is run.

use super::Value;
use super::kernel::Ring;

/// A value for which a graph is run.
#[derive(Clone, Debug)]
pub enum Root {
    /// An output of the network.
    Output(usize, Value),
    /// The loss of every sample.
    Loss(Value),
    /// A contribution to a parameter's gradient.
    Gradient(Contribution),
    /// The new value of a state.
    Assign(Assignment),
    /// A value that is shown to whoever looks into the network, under this number.
    Trace(usize, Value),
    /// A value that a stream keeps for the next step.
    State {
        /// The index of the state.
        state: usize,
        /// The value.
        value: Value,
        /// The ring buffer that the state is, if it is one: the value is put behind earlier ones.
        ring: Option<Ring>,
    },
}

/// One contribution to a parameter's gradient; a shared parameter has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The parameter.
    pub parameter: usize,
    /// The value that is added to its gradient; within a loop, in every iteration.
    pub value: Value,
}

/// An assignment to a state in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The state, by its index among the parameters.
    pub parameter: usize,
    /// The value, the same for all samples.
    pub value: Value,
}

impl Root {
    /// Returns the value that is wanted.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Output(_, value)
            | Self::Loss(value)
            | Self::Trace(_, value)
            | Self::State { value, .. } => *value,
            Self::Gradient(contribution) => contribution.value,
            Self::Assign(assignment) => assignment.value,
        }
    }
}
