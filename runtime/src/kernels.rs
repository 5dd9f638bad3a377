//! The loops that generated code calls, one module a family.
//!
//! Every kernel is generic over the scalar and the instruction set, takes its sizes as values and
//! is inlined into generated code where it is small, so that sizes which are constants there are
//! constants here.

use crate::scalar::Scalar;

pub mod axis;
pub mod constant;
pub mod contract;
pub mod copy;
pub mod dense;
pub mod dropout;
pub mod gather;
pub(crate) mod lanes;
pub mod loss;
pub(crate) mod norm;
pub mod outline;
pub mod permute;
pub mod pitch;
pub mod reduce;
pub mod rows;
pub mod softmax;
pub mod steps;
pub mod triangle;

/// Whether a result replaces what was in the buffer or is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Replace.
    Set,
    /// Add.
    Add,
}

impl Store {
    /// The same, but adding where an earlier turn of a loop has stored its part.
    #[inline(always)]
    #[must_use]
    pub fn after(self, earlier: bool) -> Self {
        if earlier { Self::Add } else { self }
    }

    /// Puts `value` where `target` is.
    #[inline(always)]
    pub(crate) fn put<T: Scalar>(self, target: &mut T, value: T) {
        match self {
            Self::Set => *target = value,
            Self::Add => *target += value,
        }
    }
}

/// Rows of `n` that are worked on together: about 1024 scalars, which stay in the first cache, and
/// at least one row.
#[inline(always)]
const fn block_rows(n: usize) -> usize {
    if n == 0 || n >= 1024 { 1 } else { 1024 / n }
}

#[cfg(test)]
mod tests;
