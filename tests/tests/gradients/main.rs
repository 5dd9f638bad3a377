//! Gradients against finite differences in `f64`, for everything that the language has.

mod activations;
mod functions;
mod layers;
mod losses;
mod parts;
mod structure;
