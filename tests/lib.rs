//! What the tests share.

pub mod batch;
pub mod differences;
pub mod expected;
pub mod numbers;
pub mod sources;

/// The README, whose code is compiled and run as a documentation test.
#[doc = include_str!("../README.md")]
pub struct Readme;
