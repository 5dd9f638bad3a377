//! The shape of input data.

use crate::tensor::count;

/// The shape of input data, as far as the type or value tells it.
///
/// ```
/// use monograd::Source;
/// use monograd::source::DataShape;
///
/// let nested = [[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// assert_eq!(nested.form(), DataShape::Axes(2, &[3]));
/// assert_eq!(nested.form().sample_len(), Some(3));
/// assert_eq!(vec![1.0_f32, 2.0].form(), DataShape::Flat);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataShape<'a> {
    /// Unknown: consecutive elements.
    Flat,
    /// A matrix with one column per sample, of this many elements.
    Columns(usize),
    /// The size of the first axis and the sizes of the others: a tensor of two axes or more, or nested
    /// arrays.
    Axes(usize, &'a [usize]),
}

impl DataShape<'_> {
    /// Returns the size of a sample, if the first axis counts samples; `None` for flat data.
    #[inline]
    #[must_use]
    pub fn sample_len(&self) -> Option<usize> {
        match self {
            Self::Flat => None,
            Self::Columns(len) => Some(*len),
            Self::Axes(_, rest) => Some(count(rest)),
        }
    }

    /// Returns the number of samples and the sizes of one sample of `rank` axes. Data with `rank + 1` axes
    /// is a batch whose first axis counts samples; data with `rank` axes is a single sample. `None` for
    /// other data.
    pub(crate) fn samples(&self, rank: usize) -> Option<(usize, impl Iterator<Item = usize>)> {
        let Self::Axes(first, rest) = *self else { return None };
        let (samples, first) = match rest.len() {
            n if n == rank => (first, None),
            n if n + 1 == rank => (1, Some(first)),
            _ => return None,
        };
        Some((samples, first.into_iter().chain(rest.iter().copied())))
    }

    /// Returns all known sizes, for messages. `len` is the number of elements.
    pub(crate) fn sizes(&self, len: usize) -> Vec<usize> {
        match self {
            Self::Flat => vec![len],
            Self::Columns(rows) => vec![*rows],
            Self::Axes(first, rest) => {
                std::iter::once(*first).chain(rest.iter().copied()).collect()
            }
        }
    }
}
