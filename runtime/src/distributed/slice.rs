//! Slices of either scalar type, so that a [`Collective`](super::Collective) can be a trait object.

use crate::scalar::Scalar;

/// A slice of scalars of one type or the other.
///
/// ```
/// use monograd::Scalar;
/// use monograd::distributed::Slice;
///
/// fn bytes<T: Scalar>(values: &[T]) -> usize {
///     match Slice::of(values) {
///         Slice::F32(values) => 4 * values.len(),
///         Slice::F64(values) => 8 * values.len(),
///         _ => 0,
///     }
/// }
///
/// assert_eq!((bytes(&[1.0_f32; 3]), bytes(&[1.0_f64; 3])), (12, 24));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Slice<'a> {
    /// Scalars of 4 bytes.
    F32(&'a [f32]),
    /// Scalars of 8 bytes.
    F64(&'a [f64]),
}

/// A mutable slice of scalars of one type or the other.
///
/// ```
/// use monograd::distributed::{Slice, SliceMut};
///
/// let mut values = [1.0_f32, 2.0];
/// let mut slice = SliceMut::of(&mut values);
/// if let SliceMut::F32(values) = &mut slice {
///     values[0] = 5.0;
/// }
/// assert_eq!(slice.as_slice(), Slice::F32(&[5.0, 2.0]));
/// ```
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum SliceMut<'a> {
    /// Scalars of 4 bytes.
    F32(&'a mut [f32]),
    /// Scalars of 8 bytes.
    F64(&'a mut [f64]),
}

impl<'a> Slice<'a> {
    /// Returns the slice of a scalar that is known by its trait.
    #[must_use]
    pub fn of<T: Scalar>(values: &'a [T]) -> Self {
        T::slice(values)
    }

    /// Returns the number of scalars.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// Returns true if there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Describes the slice in a message.
    pub(super) fn described(&self) -> String {
        match self {
            Self::F32(values) => format!("{} f32", values.len()),
            Self::F64(values) => format!("{} f64", values.len()),
        }
    }
}

impl<'a> SliceMut<'a> {
    /// Returns the slice of a scalar that is known by its trait.
    #[must_use]
    pub fn of<T: Scalar>(values: &'a mut [T]) -> Self {
        T::slice_mut(values)
    }

    /// Returns the slice for reading.
    #[must_use]
    pub const fn as_slice(&self) -> Slice<'_> {
        match self {
            Self::F32(values) => Slice::F32(values),
            Self::F64(values) => Slice::F64(values),
        }
    }
}
