//! The saved state of a stream.

use super::Streaming;
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::scalar::Scalar;
use std::any::type_name;

/// A copy of a stream's state: what it has kept of its steps so far. It is made by [`Stream::save`], and
/// [`Stream::restore`] lets a stream go on from it.
///
/// [`Stream::save`]: super::Stream::save
/// [`Stream::restore`]: super::Stream::restore
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[streaming]
///     Sum(x: [dyn T]) -> [T] {
///         let mut sum = 0.0;
///         for x_t in x {
///             sum = sum + x_t;
///             sum
///         }
///     }
/// }
///
/// let net = Sum::init(1);
/// let mut stream = net.stream();
/// stream.step(&[1.0]);
/// let saved = stream.save();
/// stream.step(&[5.0]);
/// stream.restore(&saved)?; // back to after the first step
/// assert_eq!(stream.step(&[2.0]), [3.0]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SavedStream<T> {
    /// The type of the network, with its sizes.
    network: &'static str,
    position: usize,
    /// The kept values up to the last that is not 0, since memory for steps to come is zeros.
    kept: Vec<T>,
}

impl<T: Scalar> SavedStream<T> {
    pub(super) fn new<N: Streaming<Scalar = T>>(kept: &Buffer<T>, position: usize) -> Self {
        let len = kept.iter().rposition(|x| *x != T::ZERO).map_or(0, |last| last + 1);
        Self { network: type_name::<N>(), position, kept: kept[..len].to_vec() }
    }

    /// Returns the number of steps that the stream had taken.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    pub(super) fn restore<N: Streaming<Scalar = T>>(&self, kept: &mut Buffer<T>) -> Result<()> {
        let (expected, actual) = (type_name::<N>(), self.network);
        if expected != actual || self.kept.len() > kept.len() {
            return Err(Error::StreamState { expected, actual });
        }
        let (saved, rest) = kept.split_at_mut(self.kept.len());
        saved.copy_from_slice(&self.kept);
        rest.fill(T::ZERO);
        Ok(())
    }
}
