//! Checks gradients against finite differences in `f64`, for operations along axes, products of tensors,
//! and operations that move or select elements.

mod choices;
mod edges;
mod functions;
mod moves;
mod products;
mod reductions;
