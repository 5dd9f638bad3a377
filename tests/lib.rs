//! What the tests share.

pub mod sources;
