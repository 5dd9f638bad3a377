//! The kernels that generated code calls, one module per family.
//!
//! Every kernel is generic over the scalar and the instruction set. Sizes are ordinary arguments;
//! small kernels are inlined into generated code, so that sizes which are constants there are
//! constants here.

use crate::scalar::Scalar;

pub mod attention;
pub mod axis;
pub mod constant;
pub mod contract;
pub mod conv;
pub mod copy;
pub mod delay;
pub mod dense;
pub mod dropout;
pub mod gather;
pub(crate) mod lanes;
pub mod loss;
pub(crate) mod norm;
pub mod outline;
pub mod permute;
pub mod pitch;
pub mod pool;
pub mod reduce;
pub mod rows;
pub mod softmax;
pub mod strided_slice;
mod transpose;
pub mod triangle;

/// The way a kernel stores its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Overwrites the previous contents.
    Set,
    /// Adds to the previous contents.
    Add,
}

impl Store {
    /// Returns `Add` if an earlier iteration of a loop has already stored its part, else `self`.
    #[inline(always)]
    #[must_use]
    pub fn after(self, earlier: bool) -> Self {
        if earlier { Self::Add } else { self }
    }

    /// Stores `value` in `target`.
    #[inline(always)]
    pub(crate) fn put<T: Scalar>(self, target: &mut T, value: T) {
        match self {
            Self::Set => *target = value,
            Self::Add => *target += value,
        }
    }
}

/// Returns the number of rows of `n` scalars that are processed together: about 1024 scalars, which
/// stay in the L1 cache, and at least one row.
#[inline(always)]
const fn block_rows(n: usize) -> usize {
    if n == 0 || n >= 1024 { 1 } else { 1024 / n }
}

#[cfg(test)]
mod pytorch;
#[cfg(test)]
mod tests;
