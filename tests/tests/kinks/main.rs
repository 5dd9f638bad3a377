//! Gradients at kinks, ties and the ends of the range, and what comes of infinite ones.

mod finite;
mod pytorch;
mod rules;
