//! Gradients against finite differences in `f64`, for operations along axes, products of tensors
//! and whatever moves or chooses elements.

mod choices;
mod edges;
mod functions;
mod moves;
mod products;
mod reductions;
