//! Samples in memory, of which batches are gathered.

use super::DataError;
use super::error::DataProblem;
use crate::element::Element;
use crate::tensor::Tensor;
use std::fmt;

/// Inputs or targets in memory, sample by sample: a [`Tensor`], whose first axis counts the samples, a vector with
/// an element for each sample (`Vec<u32>`, `Vec<[f32; 64]>`), a tuple of these for a network with several
/// inputs, or `()` for a loss without targets.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::Samples;
///
/// let images = Tensor::from([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]]);
/// let labels = vec![7_u32, 8, 9];
/// let both = (images, labels);
/// assert_eq!(both.count()?, Some(3));
/// let mut batch = both.room(2);
/// batch.gather(&both, &[2, 0]);
/// assert_eq!(batch, (Tensor::from([[2.0, 2.5], [0.0, 0.5]]), vec![9, 7]));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub trait Samples: Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the number of samples; `None` if there may be any number, as of `()`.
    ///
    /// # Errors
    /// If the parts of a tuple have different numbers, or a sample has no numbers.
    fn count(&self) -> Result<Option<usize>, DataError>;

    /// Returns room for this many samples like these.
    #[must_use]
    fn room(&self, samples: usize) -> Self;

    /// Puts sample `index` of `from` at place `at`.
    ///
    /// # Panics
    /// If there is no such sample or place.
    fn put(&mut self, at: usize, from: &Self, index: usize);

    /// Becomes the samples of `from` at `indices`. Memory is kept if there were as many samples before.
    ///
    /// # Panics
    /// If there is no sample at an index.
    fn gather(&mut self, from: &Self, indices: &[usize]) {
        if !matches!(self.count(), Ok(None)) && self.count().ok().flatten() != Some(indices.len()) {
            *self = from.room(indices.len());
        }
        for (at, index) in indices.iter().enumerate() {
            self.put(at, from, *index);
        }
    }
}

impl<E: Element> Samples for Tensor<E> {
    fn count(&self) -> Result<Option<usize>, DataError> {
        // there may be billions of them, since they take no memory
        if self.row_len() == 0 {
            return Err(DataProblem::Empty(": a row of the tensor has no numbers").into());
        }
        Ok(Some(self.shape().first().copied().unwrap_or(1)))
    }

    fn room(&self, samples: usize) -> Self {
        let rest = self.shape().get(1..).unwrap_or(&[]).iter().copied();
        Self::zeros(std::iter::once(samples).chain(rest).collect::<Vec<_>>())
    }

    fn put(&mut self, at: usize, from: &Self, index: usize) {
        self.row_mut(at).copy_from_slice(from.row(index));
    }
}

impl<S: Clone + fmt::Debug + Send + Sync + 'static> Samples for Vec<S> {
    fn count(&self) -> Result<Option<usize>, DataError> {
        Ok(Some(self.len()))
    }

    fn room(&self, samples: usize) -> Self {
        self.first().map_or_else(Self::new, |first| vec![first.clone(); samples])
    }

    fn put(&mut self, at: usize, from: &Self, index: usize) {
        self[at].clone_from(&from[index]);
    }
}

impl Samples for () {
    fn count(&self) -> Result<Option<usize>, DataError> {
        Ok(None)
    }

    fn room(&self, _: usize) -> Self {}

    fn put(&mut self, _: usize, (): &Self, _: usize) {}
}

/// Returns the number of samples of two parts.
pub(super) fn joined(a: Option<usize>, b: Option<usize>) -> Result<Option<usize>, DataError> {
    match (a, b) {
        (Some(first), Some(second)) if first != second => {
            Err(DataProblem::Samples { first, second }.into())
        }
        _ => Ok(a.or(b)),
    }
}

macro_rules! samples_of_tuple {
    ($($X:ident $i:tt),+) => {
        impl<$($X: Samples),+> Samples for ($($X,)+) {
            fn count(&self) -> Result<Option<usize>, DataError> {
                let mut count = None;
                $(count = joined(count, self.$i.count()?)?;)+
                Ok(count)
            }

            fn room(&self, samples: usize) -> Self {
                ($(self.$i.room(samples),)+)
            }

            fn put(&mut self, at: usize, from: &Self, index: usize) {
                $(self.$i.put(at, &from.$i, index);)+
            }
        }
    };
}

samples_of_tuple!(A 0);
samples_of_tuple!(A 0, B 1);
samples_of_tuple!(A 0, B 1, C 2);
samples_of_tuple!(A 0, B 1, C 2, D 3);
