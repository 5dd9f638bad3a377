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

/// A layer whose description is the file `library/layers/<prefix>.net`.
macro_rules! layer {
    ($name:literal, $prefix:literal, $options:literal) => {
        Described {
            name: $name,
            usage: concat!($name, "(", $options, ")"),
            prefix: $prefix,
            source: include_str!(concat!("library/layers/", $prefix, ".net")),
        }
    };
}

/// A function whose description is the file `library/functions/<name>.net`.
macro_rules! function {
    ($name:literal, $arguments:literal) => {
        Described {
            name: $name,
            usage: concat!($name, "(", $arguments, ")"),
            prefix: $name,
            source: include_str!(concat!("library/functions/", $name, ".net")),
        }
    };
}

/// A layer or a function with its description.
#[derive(Debug)]
pub struct Described {
    /// The name.
    pub name: &'static str,
    /// The layer as written, with its options and their defaults.
    pub usage: &'static str,
    /// The prefix of the names of unnamed layers, and the name of the file.
    pub prefix: &'static str,
    /// The description.
    pub source: &'static str,
}

/// Returns the described function of this name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Described> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// All described functions.
pub static FUNCTIONS: &[Described] = &[
    function!("lstm_cell", "x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr"),
    function!(
        "lstm",
        "x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, reverse = false"
    ),
];

/// All described layers.
pub static LAYERS: &[Described] = &[
    layer!("LayerNorm", "layer_norm", "eps = 1e-5, affine = true, bias = true"),
    layer!(
        "Lstm",
        "lstm",
        "hidden, layers = 1, bias = true, dropout = 0, bidirectional = false, projection = hidden"
    ),
];
