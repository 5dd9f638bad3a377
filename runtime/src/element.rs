//! The numbers that data is made of.

use std::fmt;

/// What tensors hold and networks are fed with: `f32`, `f64`, and `u32` for classes and tokens.
pub trait Element:
    Copy + Default + PartialEq + PartialOrd + fmt::Debug + Send + Sync + 'static
{
    /// The element as an index of a class, if its type can be one.
    #[must_use]
    fn class(self) -> Option<u32> {
        None
    }
}

impl Element for f32 {}

impl Element for f64 {}

impl Element for u32 {
    #[inline(always)]
    fn class(self) -> Option<u32> {
        Some(self)
    }
}
