//! The reason why an optimiser took no step.

use crate::layout::{Parameter, entries};
use crate::nearest::nearest;
use crate::pattern::Pattern;

/// The reason why an optimiser took no step.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let error = Line::init(1).train_step(&[1.0], &[2.0], &mut Sgd::new(-0.1)).unwrap_err();
/// assert!(matches!(error, Error::Step(monograd::StepError::Option { .. })));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The parameter buffer does not have the length of the layout.
    #[error("the buffer of parameters has {actual} scalars, but its layout {expected}")]
    Parameters {
        /// Number of scalars of the buffer.
        actual: usize,
        /// Number of scalars of the layout, including its gaps.
        expected: usize,
    },
    /// The gradient buffer does not have the length of the parameter buffer.
    #[error("{actual} gradients for a buffer of {expected} parameters")]
    Gradients {
        /// Number of scalars of the gradients.
        actual: usize,
        /// Number of scalars of the parameters.
        expected: usize,
    },
    /// The optimiser has stepped another network before. The fields are the name and shape of the first
    /// parameters that differ. Networks are identified by their layouts.
    #[error(
        "this optimiser belongs to another network, which has {} where this one has {}: each \
         network needs an optimiser of its own",
        described(expected.as_ref()),
        described(actual.as_ref())
    )]
    OtherNetwork {
        /// The parameter of the earlier network, if it has one at this place.
        expected: Option<(&'static str, &'static [usize])>,
        /// The parameter of this network, if it has one at this place.
        actual: Option<(&'static str, &'static [usize])>,
    },
    /// An option of the optimiser is out of range.
    #[error("the optimiser's `{option}` is {value:?}, but it has to be {expected}")]
    Option {
        /// The name of the option.
        option: &'static str,
        /// The value of the option.
        value: f64,
        /// The range that the value has to be in, in words.
        expected: &'static str,
    },
    /// A group of parameters has a pattern that matches no name.
    #[error(
        "the optimiser has a group for `{pattern}`, but no parameter is called so{}",
        nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
    )]
    NoSuchParameter {
        /// The pattern of the group.
        pattern: String,
        /// The most similar name of a parameter, if one is similar.
        nearest: Option<String>,
    },
    /// A group of parameters has a pattern without a meaning.
    #[error("the pattern `{pattern}` of a group is wrong: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// The reason.
        reason: String,
    },
    /// The gradients are those of another network.
    #[error("these gradients are those of another network")]
    OtherGradients,
    /// A state that is to be restored is not one of this optimiser's.
    #[error("the optimiser has no state `{name}`")]
    UnknownState {
        /// The name of the state.
        name: String,
    },
    /// The optimiser cannot be restored.
    #[error("`{optimizer}` cannot be restored: it does not implement `restore`")]
    NotRestorable {
        /// The name of the optimiser.
        optimizer: &'static str,
    },
    /// Nesterov momentum is enabled, but the momentum is 0.
    #[error("Nesterov's form looks ahead along a momentum, which is 0: set it, `.momentum(0.9)`")]
    NesterovWithoutMomentum,
}

impl StepError {
    /// Returns the error for a pattern that matches no parameter of a layout.
    pub(super) fn no_such_parameter(pattern: &Pattern, layout: &[Parameter]) -> Self {
        let pattern = pattern.to_string();
        let nearest = nearest(&pattern, entries(layout).map(|entry| entry.name()));
        Self::NoSuchParameter { pattern, nearest }
    }
}

/// Formats a parameter for a message.
fn described(parameter: Option<&(&str, &[usize])>) -> String {
    parameter.map_or_else(|| "nothing".to_owned(), |(name, shape)| format!("`{name}` {shape:?}"))
}
