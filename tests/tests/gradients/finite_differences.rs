//! Checks gradients against finite differences in `f64`, for all features of the language.

mod activations;
mod functions;
mod layers;
mod losses;
mod parts;
mod slices;
mod structure;
