//! Tests networks with run-time sizes.

mod errors;
mod gradients;
mod lengths;
mod networks;
mod values;
