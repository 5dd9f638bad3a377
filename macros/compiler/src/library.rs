//! The layers that are described in the language itself, one file each in `library/`.
//!
//! A description is a network with options: `LayerNorm<eps: f64 = 1e-5, ..>(x: [.., D]) -> [.., D]`.
//! A layer is made of it in two steps: the options that the user gives, and the conditions that
//! depend on them, are resolved in the syntax tree ([`specialise`]); the network that is left is
//! inlined as any network within another is.

mod description;
mod specialise;
#[cfg(test)]
mod tests;

pub use description::{Absent, Choice, Description, Kind};
pub use specialise::specialise;

/// A layer with its description.
#[derive(Debug)]
pub struct Described {
    /// The name.
    pub name: &'static str,
    /// The layer as written, with its options and their defaults.
    pub usage: &'static str,
    /// The prefix of the names of unnamed layers.
    pub prefix: &'static str,
    /// The description.
    pub source: &'static str,
}

/// All described layers.
pub static LAYERS: &[Described] = &[Described {
    name: "LayerNorm",
    usage: "LayerNorm(eps = 1e-5, affine = true, bias = true)",
    prefix: "layer_norm",
    source: include_str!("library/layer_norm.net"),
}];
