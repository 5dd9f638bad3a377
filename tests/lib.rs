//! What the tests share.

pub mod batch;
pub mod differences;
pub mod expected;
pub mod norm;
pub mod numbers;
pub mod same;
pub mod sources;

/// The README, whose code is compiled and run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
