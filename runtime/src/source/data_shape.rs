//! What the shape of data tells of the samples in it.

use crate::tensor::count;

/// How data that a network is fed with is cut into samples, as far as its own shape tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataShape<'a> {
    /// Nothing is known: elements in a row.
    Flat,
    /// One column a sample, of this many elements: a matrix.
    Columns(usize),
    /// The size of the first axis and those of the others: a tensor of two axes or more, or
    /// nested arrays.
    Axes(usize, &'a [usize]),
}

impl DataShape<'_> {
    /// The size of a sample, where the first axis counts samples.
    #[inline]
    #[must_use]
    pub fn sample_len(&self) -> Option<usize> {
        match self {
            Self::Flat => None,
            Self::Columns(len) => Some(*len),
            Self::Axes(_, rest) => Some(count(rest)),
        }
    }

    /// The sizes of one sample of `rank` axes, and the number of samples: as many as the first
    /// axis says where there is one axis more than that, one where there are just as many.
    /// `None` where the shape does not tell.
    pub(crate) fn samples(&self, rank: usize) -> Option<(usize, impl Iterator<Item = usize>)> {
        let Self::Axes(first, rest) = *self else { return None };
        let (samples, first) = match rest.len() {
            n if n == rank => (first, None),
            n if n + 1 == rank => (1, Some(first)),
            _ => return None,
        };
        Some((samples, first.into_iter().chain(rest.iter().copied())))
    }

    /// Every size that is known, for messages; `len` is the number of elements.
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
