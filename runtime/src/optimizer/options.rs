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

/// Checks the decay rates of two running means.
pub(super) fn check_betas<T: Scalar>((first, second): (f64, f64)) -> Result<(), StepError> {
    check::<T>("betas", first, Range::BelowOne)?;
    check::<T>("betas", second, Range::BelowOne)
}

/// Builder methods, each for the field of its name, and those of every optimiser. Fields with a builder method of
/// their own stand first, in brackets.
macro_rules! options {
    ($([$($pair:ident),*])? $($(#[$documentation:meta])* $option:ident: $type:ty,)*) => {
        /// Returns the options that not all optimisers have, as text.
        fn own_options(&self) -> Vec<(&'static str, String)> {
            vec![
                $($((stringify!($pair), format!("{:?}", self.$pair)),)*)?
                $((stringify!($option), format!("{:?}", self.$option)),)*
            ]
        }

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
            self.common.clip_norm = Some(max);
            self
        }

        /// Gives the parameters whose names match `pattern` options of their own. A pattern is one or more
        /// whole parts of a name, anywhere in it (`bias`, `encoder`), in which `*` stands for any text and
        /// `{i}` for a number, as in [`Weights`](crate::Weights). The first group that matches a name counts; a
        /// pattern that matches none is an error of the next step.
        #[must_use]
        pub fn group(mut self, pattern: &str, group: super::Group) -> Self {
            self.common.group(pattern, group);
            self
        }

        /// Leaves out the weight decay of parameters with less than two axes: biases, and the scales of
        /// normalisations.
        #[must_use]
        pub fn decay_matrices_only(mut self) -> Self {
            self.common.decay_matrices_only();
            self
        }
    };
}

/// The method `weight_decay`.
macro_rules! weight_decay {
    ($(#[$documentation:meta])*) => {
        $(#[$documentation])*
        #[must_use]
        pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
            self.common.weight_decay = weight_decay;
            self
        }
    };
}

/// The methods of [`Optimizer`](super::Optimizer), from the optimiser's name and those of its states. A step is
/// its method `take_step`.
macro_rules! methods {
    ($name:expr, $slots:expr) => {
        fn update(
            &mut self,
            parameters: &mut [T],
            gradients: &[T],
            layout: &[crate::layout::Parameter],
        ) -> Result<(), StepError> {
            self.take_step(super::common::Buffers { parameters, gradients, layout })
        }

        fn name(&self) -> &'static str {
            $name
        }

        fn state_names(&self) -> &'static [&'static str] {
            &$slots
        }

        fn states(&self) -> Vec<(&'static str, &[T])> {
            let states = $slots.into_iter().zip(self.common.states());
            states.filter(|(_, state)| !state.is_empty()).collect()
        }

        fn restore(
            &mut self,
            steps: u64,
            states: Vec<(String, Vec<T>)>,
            layout: &[crate::layout::Parameter],
        ) -> Result<(), StepError> {
            self.common.restore(steps, states, &$slots, layout)
        }

        fn options(&self) -> Vec<(&'static str, String)> {
            let mut options = self.own_options();
            options.extend(self.common.options());
            options
        }

        fn learning_rate(&self) -> f64 {
            self.common.learning_rate
        }

        fn set_learning_rate(&mut self, learning_rate: f64) {
            self.common.learning_rate = learning_rate;
        }

        fn steps(&self) -> u64 {
            self.common.steps
        }
    };
}

pub(super) use {methods, options, weight_decay};
