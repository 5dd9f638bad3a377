//! The element types of data.

use std::fmt;

/// An element of a tensor or of a network's input: `f32`, `f64`, or `u32` for classes and tokens.
pub trait Element:
    Copy + Default + PartialEq + PartialOrd + fmt::Debug + Send + Sync + 'static
{
    /// Returns the element as a class index, or `None` if its type cannot hold one.
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
