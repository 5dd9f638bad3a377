//! The element types of data.

use crate::source::StepRoom;
use std::fmt;

/// An element of a tensor or of a network's input: `f32`, `f64`, or `u32` for classes and tokens.
///
/// ```
/// use monograd::{Element, Tensor};
///
/// /// Numbers and classes are elements of tensors.
/// fn last<T: Element>(tensor: &Tensor<T>) -> Option<T> {
///     tensor.as_slice().last().copied()
/// }
///
/// assert_eq!(last(&Tensor::from([1.5_f32, 2.5])), Some(2.5));
/// assert_eq!(last(&Tensor::from([1_u32, 2])), Some(2));
/// ```
pub trait Element:
    Copy + Default + PartialEq + PartialOrd + fmt::Debug + Send + Sync + 'static
{
    /// Returns the element as a class index, or `None` if its type cannot hold one.
    #[must_use]
    fn class(self) -> Option<u32> {
        None
    }

    /// Returns the element as a real number, or `None` if it is a class.
    #[doc(hidden)]
    #[must_use]
    fn real(self) -> Option<f64> {
        None
    }

    /// Returns the memory for elements of this type.
    #[doc(hidden)]
    fn room(room: &mut StepRoom) -> &mut Vec<Self>;
}

impl Element for f32 {
    fn real(self) -> Option<f64> {
        Some(self.into())
    }

    fn room(room: &mut StepRoom) -> &mut Vec<Self> {
        &mut room.singles
    }
}

impl Element for f64 {
    fn real(self) -> Option<f64> {
        Some(self)
    }

    fn room(room: &mut StepRoom) -> &mut Vec<Self> {
        &mut room.doubles
    }
}

impl Element for u32 {
    #[inline(always)]
    fn class(self) -> Option<u32> {
        Some(self)
    }

    fn room(room: &mut StepRoom) -> &mut Vec<Self> {
        &mut room.classes
    }
}
