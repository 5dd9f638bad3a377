//! What the tests share.

pub mod batch;
pub mod differences;
pub mod sources;
