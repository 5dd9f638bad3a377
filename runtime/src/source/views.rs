//! Slices of a batch, one an input: cutting samples out of them and checking them.

use super::data_shape::DataShape;
use super::extent::{Extent, shape_text};
use crate::element::Element;
use crate::error::{Error, Result};

/// The most inputs, or targets, that a network can have.
pub const MAX_PORTS: usize = 4;

/// One input or target of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name in the network's declaration.
    pub name: &'static str,
    /// The shape of one sample, with run-time sizes at their bounds, or 1 where there is none.
    pub shape: &'static [usize],
    /// The same as it depends on run-time sizes; empty where it does not.
    pub extents: &'static [Extent],
    /// The number of classes, where the elements are class indices.
    pub classes: Option<usize>,
    /// An index that stands for no class (a loss's `ignore_index`).
    pub ignored: Option<u32>,
    /// The number of classes, where it depends on run-time sizes.
    pub varying_classes: Option<Extent>,
}

impl Port {
    /// A port for samples of this shape.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, shape, extents: &[], classes: None, ignored: None, varying_classes: None }
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

    /// The same for a number of classes that depends on run-time sizes.
    #[must_use]
    pub const fn with_varying_classes(self, classes: Extent) -> Self {
        Self { varying_classes: Some(classes), ..self }
    }

    /// The same for samples whose sizes depend on run-time sizes.
    #[must_use]
    pub const fn with_extents(self, extents: &'static [Extent]) -> Self {
        Self { extents, ..self }
    }

    /// Elements of a sample for given run-time sizes; `usize::MAX` where they are too many to count.
    #[inline]
    #[must_use]
    pub fn len_at(&self, lengths: &[usize]) -> usize {
        if self.extents.is_empty() {
            return self.len();
        }
        self.extents.iter().map(|extent| extent.at(lengths)).fold(1, usize::saturating_mul)
    }

    /// The shape of a sample for given run-time sizes.
    #[must_use]
    pub fn shape_at(&self, lengths: &[usize]) -> Vec<usize> {
        if self.extents.is_empty() {
            return self.shape.to_vec();
        }
        self.extents.iter().map(|extent| extent.at(lengths)).collect()
    }

    /// The number of classes for given run-time sizes, where the elements are class indices.
    #[inline]
    #[must_use]
    pub fn classes_at(&self, lengths: &[usize]) -> Option<usize> {
        match self.varying_classes {
            None => self.classes,
            Some(classes) => Some(classes.at(lengths)),
        }
    }

    /// The shape of a sample as it is declared: `[T, 80]`.
    #[must_use]
    pub fn shape_text(&self) -> String {
        shape_text(self.shape, self.extents)
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

    /// The number of samples in `elements`, of whose shape `form` tells.
    fn batch<E: Element>(
        &self,
        elements: &[E],
        form: &DataShape<'_>,
        lengths: &[usize],
    ) -> Result<usize> {
        let (port, shape, expected) = (self.name, self.shape, self.len());
        if elements.is_empty() {
            return Err(Error::EmptyBatch { port });
        }
        if !self.extents.is_empty() {
            let batch = self.batch_at(elements.len(), form, lengths)?;
            self.check_classes(elements, lengths)?;
            return Ok(batch);
        }
        if let Some(actual) = form.sample_len().filter(|&len| len != expected) {
            let samples = elements.len().checked_div(actual).unwrap_or(0);
            return Err(Error::SampleSize { port, actual, samples, expected, shape });
        }
        if elements.len().checked_rem(expected) != Some(0) {
            return Err(Error::InputLength { port, actual: elements.len(), expected, shape });
        }
        self.check_classes(elements, lengths)?;
        Ok(elements.len() / expected)
    }

    /// The number of samples in `len` elements, for given run-time sizes.
    fn batch_at(&self, len: usize, form: &DataShape<'_>, lengths: &[usize]) -> Result<usize> {
        let expected = self.len_at(lengths);
        let samples = match form {
            DataShape::Axes(..) => {
                form.samples(self.extents.len()).and_then(|(samples, mut sizes)| {
                    let fits = self.extents.iter().all(|e| sizes.next() == Some(e.at(lengths)));
                    fits.then_some(samples)
                })
            }
            DataShape::Columns(rows) => (*rows == expected).then(|| len / expected),
            DataShape::Flat => (len.checked_rem(expected) == Some(0)).then(|| len / expected),
        };
        samples.ok_or_else(|| self.wrong_shape(len, form))
    }

    /// Data that does not fit.
    pub(crate) fn wrong_shape(&self, len: usize, form: &DataShape<'_>) -> Error {
        let (actual, expected) = (form.sizes(len), self.shape_text());
        Error::InputShape { port: self.name, actual, expected }
    }

    fn check_classes<E: Element>(&self, elements: &[E], lengths: &[usize]) -> Result<()> {
        let Some(classes) = self.classes_at(lengths) else { return Ok(()) };
        let outside = |class: u32| class as usize >= classes && Some(class) != self.ignored;
        match elements.iter().position(|element| element.class().is_some_and(outside)) {
            None => Ok(()),
            Some(at) => Err(Error::ClassOutOfRange {
                port: self.name,
                sample: at / self.len_at(lengths),
                class: elements[at].class().unwrap_or_default(),
                classes,
            }),
        }
    }
}

/// A tuple of slices, `()` or `(&[E],)` to `(&[E], &[F], &[G], &[H])`: a batch as the network sees it.
pub trait Views: Copy + Send + Sync {
    /// How many slices.
    const COUNT: usize;

    /// Samples `start..start + count` of each; `sizes` are the elements of one sample of each.
    ///
    /// # Panics
    /// When there are not that many samples.
    #[must_use]
    fn rows(self, start: usize, count: usize, sizes: &[usize]) -> Self;

    /// The elements of each.
    fn lens(self) -> [usize; MAX_PORTS];

    /// The number of samples, once all slices fit `ports` and agree; `forms` is what the shapes
    /// of the data tell, `lengths` are the run-time sizes.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`], [`Error::SampleSize`], [`Error::InputLength`],
    /// [`Error::InputShape`], [`Error::ClassOutOfRange`], [`Error::BatchMismatch`].
    fn batch(self, forms: &[DataShape<'_>], ports: &[Port], lengths: &[usize]) -> Result<usize>;
}

macro_rules! views {
    ($count:literal: $($E:ident $i:tt),+) => {
        impl<$($E: Element),+> Views for ($(&[$E],)+) {
            const COUNT: usize = $count;

            #[inline]
            fn rows(self, start: usize, count: usize, sizes: &[usize]) -> Self {
                ($(&self.$i[start * sizes[$i]..(start + count) * sizes[$i]],)+)
            }

            fn lens(self) -> [usize; MAX_PORTS] {
                let mut lens = [0; MAX_PORTS];
                $(lens[$i] = self.$i.len();)+
                lens
            }

            fn batch(self, forms: &[DataShape<'_>], ports: &[Port], lengths: &[usize]) -> Result<usize> {
                let batches = [$(ports[$i].batch(self.$i, &forms[$i], lengths)?),+];
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

/// No slices: the targets of a loss that compares with the inputs alone.
impl Views for () {
    const COUNT: usize = 0;

    #[inline]
    fn rows(self, _: usize, _: usize, _: &[usize]) -> Self {}

    fn lens(self) -> [usize; MAX_PORTS] {
        [0; MAX_PORTS]
    }

    fn batch(self, _: &[DataShape<'_>], _: &[Port], _: &[usize]) -> Result<usize> {
        Ok(0)
    }
}

views!(1: A 0);
views!(2: A 0, B 1);
views!(3: A 0, B 1, C 2);
views!(4: A 0, B 1, C 2, D 3);
