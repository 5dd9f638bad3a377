//! What the tests share.

pub mod batch;
pub mod differences;
pub mod expected;
/// The networks of the examples.
#[path = "../examples/networks"]
pub mod networks {
    pub mod deep;
    pub mod gated;
    pub mod lstm;
    pub mod mixer;
    pub mod norm;
    pub mod transformer;
    pub mod vae;
}
pub mod numbers;
pub mod same;
pub mod sources;

/// The README, whose code is compiled and run as a documentation test.
#[doc = include_str!("../README.md")]
pub struct Readme;
