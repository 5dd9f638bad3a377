//! Errors of choosing a token.

/// The reason why no token can be chosen.
///
/// ```
/// use monograd::{SampleError, Sampler};
///
/// let mut sampler = Sampler::new(42);
/// let nothing = sampler.sample(&[f32::NEG_INFINITY; 3]);
/// assert!(nothing.is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// Another number of logits than tokens.
    #[error("{actual} logits for a sampler of {expected} tokens")]
    Length {
        /// Number of logits.
        actual: usize,
        /// Number of tokens.
        expected: usize,
    },
    /// A logit that is NaN or infinity. Minus infinity is a token that is never chosen.
    #[error("the logit of token {token} is {value}")]
    Logit {
        /// The number of the token.
        token: usize,
        /// The logit.
        value: f32,
    },
    /// No tokens, or only such with a logit of minus infinity.
    #[error("no token can be chosen: every logit is -inf")]
    NoToken,
    /// An option out of range.
    #[error("the sampler's `{option}` is {value:?}, but it has to be {expected}")]
    Option {
        /// The name of the option.
        option: &'static str,
        /// The value of the option.
        value: f32,
        /// The range that the value has to be in, in words.
        expected: &'static str,
    },
}
