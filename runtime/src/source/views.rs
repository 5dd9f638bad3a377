//! The slices of a batch, one per input: selects samples and checks sizes.

use super::data_shape::DataShape;
use super::extent::{Extent, shape_text};
use crate::element::Element;
use crate::error::{Error, Result};

/// Largest number of inputs, or of targets, of a network.
pub const MAX_PORTS: usize = 4;

/// An input or output of a network, or a target of its loss.
///
/// ```
/// use monograd::Port;
/// use monograd::prelude::*;
///
/// network! {
///     Digits(image: [8, 8]) -> [10] { image >> Flatten() >> Linear(10) }
///     loss cross_entropy
/// }
///
/// let Port { name, shape, .. } = Digits::<f32>::INPUTS[0];
/// assert_eq!((name, shape), ("image", &[8, 8][..]));
/// assert_eq!(Digits::<f32>::TARGETS[0].classes, Some(10)); // class numbers from 0 to 9
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The name in the network's declaration.
    pub name: &'static str,
    /// The shape of one sample, with run-time sizes at their bounds, or at 1 if they have none.
    pub shape: &'static [usize],
    /// The shape in terms of run-time sizes; empty if it does not depend on any.
    pub extents: &'static [Extent],
    /// The number of classes, if the elements are class indices.
    pub classes: Option<usize>,
    /// A class index that stands for no class (the `ignore_index` of a loss).
    pub ignored: Option<u32>,
    /// The number of classes, if it depends on run-time sizes.
    pub varying_classes: Option<Extent>,
    /// `true` if the class indices are lengths of sequences, which are at most `classes - 1`.
    pub are_lengths: bool,
}

impl Port {
    /// Returns a port for samples of this shape.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize]) -> Self {
        Self {
            name,
            shape,
            extents: &[],
            classes: None,
            ignored: None,
            varying_classes: None,
            are_lengths: false,
        }
    }

    /// Returns the port for class indices below `classes`.
    #[must_use]
    pub const fn with_classes(self, classes: usize) -> Self {
        Self { classes: Some(classes), ..self }
    }

    /// Returns the port with a class index that stands for no class.
    #[must_use]
    pub const fn ignoring(self, index: u32) -> Self {
        Self { ignored: Some(index), ..self }
    }

    /// Returns the port with a number of classes that depends on run-time sizes.
    #[must_use]
    pub const fn with_varying_classes(self, classes: Extent) -> Self {
        Self { varying_classes: Some(classes), ..self }
    }

    /// Returns the port for lengths of sequences below the number of classes.
    #[must_use]
    pub const fn of_lengths(self) -> Self {
        Self { are_lengths: true, ..self }
    }

    /// Returns the port for samples whose shape depends on run-time sizes.
    #[must_use]
    pub const fn with_extents(self, extents: &'static [Extent]) -> Self {
        Self { extents, ..self }
    }

    /// Returns the number of elements of a sample for given run-time sizes (`usize::MAX` on overflow).
    #[inline]
    #[must_use]
    pub fn len_at(&self, lengths: &[usize]) -> usize {
        if self.extents.is_empty() {
            return self.len();
        }
        self.extents.iter().map(|extent| extent.at(lengths)).fold(1, usize::saturating_mul)
    }

    /// Returns the shape of a sample for given run-time sizes.
    #[must_use]
    pub fn shape_at(&self, lengths: &[usize]) -> Vec<usize> {
        if self.extents.is_empty() {
            return self.shape.to_vec();
        }
        self.extents.iter().map(|extent| extent.at(lengths)).collect()
    }

    /// Returns the number of classes for given run-time sizes, or `None` if the elements are not class
    /// indices.
    #[inline]
    #[must_use]
    pub fn classes_at(&self, lengths: &[usize]) -> Option<usize> {
        match self.varying_classes {
            None => self.classes,
            Some(classes) => Some(classes.at(lengths)),
        }
    }

    /// Returns the shape of a sample as declared: `[T, 80]`.
    #[must_use]
    pub fn shape_text(&self) -> String {
        shape_text(self.shape, self.extents)
    }

    /// Returns the number of elements of a sample.
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

    /// Returns true if a sample has no elements.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of samples in `elements`, whose shape is `form`, and checks them.
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

    /// Returns the number of samples in `len` elements, for given run-time sizes.
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

    /// Returns the error for data whose shape does not fit.
    pub(crate) fn wrong_shape(&self, len: usize, form: &DataShape<'_>) -> Error {
        let (actual, expected) = (form.sizes(len), self.shape_text());
        Error::InputShape { port: self.name, actual, expected }
    }

    fn check_classes<E: Element>(&self, elements: &[E], lengths: &[usize]) -> Result<()> {
        let Some(classes) = self.classes_at(lengths) else { return Ok(()) };
        let outside = |class: u32| class as usize >= classes && Some(class) != self.ignored;
        match elements.iter().position(|element| element.class().is_some_and(outside)) {
            None => Ok(()),
            Some(at) => {
                let (port, sample) = (self.name, at / self.len_at(lengths));
                let class = elements[at].class().unwrap_or_default();
                Err(match self.are_lengths {
                    true => Error::LengthOutOfRange {
                        port,
                        sample,
                        length: class,
                        steps: classes.saturating_sub(1),
                    },
                    false => Error::ClassOutOfRange { port, sample, class, classes },
                })
            }
        }
    }
}

/// A batch as a tuple of slices: `()`, or `(&[E],)` to `(&[E], &[F], &[G], &[H])`.
///
/// ```
/// use monograd::Views;
/// use monograd::source::DataShape;
/// use monograd::Port;
///
/// let views = (&[1.0_f32, 2.0, 3.0, 4.0][..], &[7_u32, 8][..]); // two samples of two numbers and a class
/// let ports = [Port::new("x", &[2]), Port::new("class", &[]).with_classes(10)];
/// assert_eq!(views.batch(&[DataShape::Flat; 2], &ports, &[])?, 2);
/// assert_eq!(views.rows(1, 1, &[2, 1]), (&[3.0, 4.0][..], &[8][..]));
/// # Ok::<(), monograd::Error>(())
/// ```
pub trait Views: Copy + Send + Sync {
    /// Number of slices.
    const COUNT: usize;

    /// Returns the samples `start..start + count` of each slice. `sizes` are the numbers of elements of
    /// one sample of each.
    ///
    /// # Panics
    /// If there are fewer samples.
    #[must_use]
    fn rows(self, start: usize, count: usize, sizes: &[usize]) -> Self;

    /// Returns the number of elements of each slice.
    fn lens(self) -> [usize; MAX_PORTS];

    /// Checks the slices against `ports` and returns the number of samples, which must be the same for
    /// all. `forms` are the shapes of the data, `lengths` the run-time sizes.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`], [`Error::SampleSize`], [`Error::InputLength`],
    /// [`Error::InputShape`], [`Error::ClassOutOfRange`], [`Error::LengthOutOfRange`],
    /// [`Error::BatchMismatch`].
    fn batch(self, forms: &[DataShape<'_>], ports: &[Port], lengths: &[usize]) -> Result<usize>;

    /// Returns an element of a slice, or `None` if it is a class or there is none.
    #[doc(hidden)]
    fn real(self, slice: usize, index: usize) -> Option<f64> {
        let _ = (slice, index);
        None
    }
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

            fn real(self, slice: usize, index: usize) -> Option<f64> {
                match slice {
                    $($i => self.$i.get(index)?.real(),)+
                    _ => None,
                }
            }
        }
    };
}

/// No slices: the targets of a loss without targets.
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
