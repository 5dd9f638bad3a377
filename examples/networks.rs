//! The networks of the examples, which tests compare with PyTorch.

pub mod deep;
pub mod gated;
pub mod lstm;
pub mod mixer;
pub mod norm;
pub mod transformer;
pub mod vae;
