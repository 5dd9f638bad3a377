//! Gradients at kinks, ties and the ends of the range, and the effects of infinite gradients.

mod finite;
mod pytorch;
mod rules;
