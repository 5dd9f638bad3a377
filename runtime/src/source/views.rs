//! Slices of a batch, one an input: cutting samples out of them and checking them.

use crate::element::Element;
use crate::error::{Error, Result};

/// The most inputs, or targets, that a network can have.
pub const MAX_PORTS: usize = 4;

/// One input or target of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name in the network's declaration.
    pub name: &'static str,
    /// The shape of one sample.
    pub shape: &'static [usize],
    /// The number of classes, where the elements are class indices.
    pub classes: Option<usize>,
    /// An index that stands for no class (a loss's `ignore_index`).
    pub ignored: Option<u32>,
}

impl Port {
    /// A port for samples of this shape.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, shape, classes: None, ignored: None }
    }

    /// The same for class indices below `classes`.
    #[must_use]
    pub const fn with_classes(self, classes: usize) -> Self {
        Self { classes: Some(classes), ..self }
    }

    /// The same with an index that stands for no class.
    #[must_use]
    pub const fn ignoring(self, index: u32) -> Self {
        Self { ignored: Some(index), ..self }
    }

    /// Elements of a sample.
    #[must_use]
    pub const fn len(&self) -> usize {
        let mut len = 1;
        let mut axis = 0;
        while axis < self.shape.len() {
            len *= self.shape[axis];
            axis += 1;
        }
        len
    }

    /// Whether a sample has no elements.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of samples in `elements`, whose shape gives them the size `sample_len`.
    fn batch<E: Element>(&self, elements: &[E], sample_len: Option<usize>) -> Result<usize> {
        let (port, shape, expected) = (self.name, self.shape, self.len());
        if elements.is_empty() {
            return Err(Error::EmptyBatch { port });
        }
        if let Some(actual) = sample_len.filter(|&len| len != expected) {
            let samples = elements.len().checked_div(actual).unwrap_or(0);
            return Err(Error::SampleSize { port, actual, samples, expected, shape });
        }
        if elements.len().checked_rem(expected) != Some(0) {
            return Err(Error::InputLength { port, actual: elements.len(), expected, shape });
        }
        self.check_classes(elements)?;
        Ok(elements.len() / expected)
    }

    fn check_classes<E: Element>(&self, elements: &[E]) -> Result<()> {
        let Some(classes) = self.classes else { return Ok(()) };
        let outside = |class: u32| class as usize >= classes && Some(class) != self.ignored;
        match elements.iter().position(|element| element.class().is_some_and(outside)) {
            None => Ok(()),
            Some(at) => Err(Error::ClassOutOfRange {
                port: self.name,
                sample: at / self.len(),
                class: elements[at].class().unwrap_or_default(),
                classes,
            }),
        }
    }
}

/// A tuple of slices, `(&[E],)` to `(&[E], &[F], &[G], &[H])`: a batch as the network sees it.
pub trait Views: Copy + Send + Sync {
    /// How many slices.
    const COUNT: usize;

    /// Samples `start..start + count` of each; `sizes` are the elements of one sample of each.
    ///
    /// # Panics
    /// When there are not that many samples.
    #[must_use]
    fn rows(self, start: usize, count: usize, sizes: &[usize]) -> Self;

    /// The number of samples, once all slices fit `ports` and agree; `sample_lens` are the
    /// samples' sizes by the shapes of the data, where these tell.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`], [`Error::SampleSize`], [`Error::InputLength`],
    /// [`Error::ClassOutOfRange`], [`Error::BatchMismatch`].
    fn batch(self, sample_lens: &[Option<usize>], ports: &[Port]) -> Result<usize>;
}

macro_rules! views {
    ($count:literal: $($E:ident $i:tt),+) => {
        impl<$($E: Element),+> Views for ($(&[$E],)+) {
            const COUNT: usize = $count;

            #[inline]
            fn rows(self, start: usize, count: usize, sizes: &[usize]) -> Self {
                ($(&self.$i[start * sizes[$i]..(start + count) * sizes[$i]],)+)
            }

            fn batch(self, sample_lens: &[Option<usize>], ports: &[Port]) -> Result<usize> {
                let batches = [$(ports[$i].batch(self.$i, sample_lens[$i])?),+];
                for (port, &batch) in ports.iter().zip(&batches).skip(1) {
                    if batch != batches[0] {
                        return Err(Error::BatchMismatch {
                            first: ports[0].name,
                            first_batch: batches[0],
                            second: port.name,
                            second_batch: batch,
                        });
                    }
                }
                Ok(batches[0])
            }
        }
    };
}

views!(1: A 0);
views!(2: A 0, B 1);
views!(3: A 0, B 1, C 2);
views!(4: A 0, B 1, C 2, D 3);
