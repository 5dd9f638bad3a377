//! Gradients against finite differences in `f64`, for everything that the language has.

mod functions;
mod activations;
mod layers;
mod losses;
mod structure;
