//! What all optimisers have: options that are set one by one, a learning rate, a count of steps.

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
        /// [`clip_gradient_norm`](super::clip_gradient_norm) (no clipping).
        #[must_use]
        pub const fn clip_norm(mut self, max: f64) -> Self {
            self.clip_norm = Some(max);
            self
        }
    };
}

/// The methods of [`Optimizer`](super::Optimizer) beside `step`.
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
