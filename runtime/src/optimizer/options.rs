//! Code that all optimisers share: their options, learning rate and count of steps.

use super::StepError;
use crate::scalar::Scalar;

/// The range of values of an option.
#[derive(Clone, Copy)]
pub(super) enum Range {
    /// For a rate, a decay or a momentum: 0 or more, and finite.
    NotNegative,
    /// For a decay rate of a running mean that must be less than 1.
    BelowOne,
    /// For a decay rate of a running mean that may be 1.
    UpToOne,
    /// For the norm to clip to: 0 or more. Infinity means no clipping.
    Norm,
}

/// Checks that an option is in its range. Rates must be finite as a `T`, too. The limits are PyTorch's.
pub(super) fn check<T: Scalar>(
    option: &'static str,
    value: f64,
    range: Range,
) -> Result<(), StepError> {
    let is_finite = T::from_f64(value).is_finite();
    let (holds, expected) = match range {
        Range::NotNegative => (value >= 0.0 && is_finite, "0 or more, and finite"),
        Range::BelowOne => ((0.0..1.0).contains(&value), "0 or more, and less than 1"),
        Range::UpToOne => ((0.0..=1.0).contains(&value), "from 0 to 1"),
        Range::Norm => (value >= 0.0, "0 or more"),
    };
    if holds { Ok(()) } else { Err(StepError::Option { option, value, expected }) }
}

/// Checks the norm to clip to, if there is one.
pub(super) fn check_clipping<T: Scalar>(max: Option<f64>) -> Result<(), StepError> {
    max.map_or(Ok(()), |max| check::<T>("clip_norm", max, Range::Norm))
}

/// Builder methods, each for the field of its name, and `clip_norm`.
macro_rules! options {
    ($($(#[$documentation:meta])* $option:ident: $type:ty,)*) => {
        $(
            $(#[$documentation])*
            #[must_use]
            pub const fn $option(mut self, $option: $type) -> Self {
                self.$option = $option;
                self
            }
        )*

        /// Clips the gradients' global norm to `max` in every step, see
        /// [`clip_gradient_norm`](super::clip_gradient_norm) (by default, they are not clipped).
        #[must_use]
        pub const fn clip_norm(mut self, max: f64) -> Self {
            self.clip_norm = Some(max);
            self
        }
    };
}

/// The methods of [`Optimizer`](super::Optimizer) other than `step`.
macro_rules! progress {
    () => {
        fn learning_rate(&self) -> f64 {
            self.learning_rate
        }

        fn set_learning_rate(&mut self, learning_rate: f64) {
            self.learning_rate = learning_rate;
        }

        fn steps(&self) -> u64 {
            self.steps
        }
    };
}

pub(super) use {options, progress};
