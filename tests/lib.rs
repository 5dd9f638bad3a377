//! What proves monograd right; see `tests/`.

/// The README, whose code is compiled and run as a documentation test.
#[doc = include_str!("../README.md")]
pub struct Readme;
