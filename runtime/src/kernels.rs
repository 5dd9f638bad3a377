//! The loops that generated code calls, one module a family.
//!
//! Every kernel is generic over the scalar and the instruction set, takes its sizes as values and
//! is inlined into generated code where it is small, so that sizes which are constants there are
//! constants here.

pub mod dense;

/// Whether a result replaces what was in the buffer or is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Replace.
    Set,
    /// Add.
    Add,
}
