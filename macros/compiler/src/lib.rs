//! Compiles the description of a neural network into plain Rust.

pub mod ast;
pub mod check;
pub mod differentiate;
pub mod fuse;
pub mod ir;
pub mod nearest;
pub mod parse;
pub mod plan;
pub mod program;
pub mod report;
pub mod size;
