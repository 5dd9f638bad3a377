//! The output types of networks: one tensor, or a tuple of tensors.

use crate::error::Result;
use crate::scalar::Scalar;
use crate::source::Port;
use crate::tensor::Tensor;
use std::ops::Range;

/// The output of a network: a [`Tensor`], or a tuple of up to four.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::{Outputs, Port};
///
/// network! { Both(x: [2]) -> ([], [2]) { (sum(x), x * 2) } }
///
/// let (sum, twice) = Both::init(1).forward(&[1.0, 3.0])?;
/// assert_eq!((sum.as_slice(), twice.as_slice()), (&[4.0][..], &[2.0, 6.0][..]));
///
/// let ports = [Port::new("sum", &[]), Port::new("twice", &[2])];
/// let (sum, twice): (Tensor, Tensor) = Outputs::zeros(3, &ports, &[])?;
/// assert_eq!((sum.shape(), twice.shape()), (&[3][..], &[3, 2][..]));
/// # Ok::<(), Error>(())
/// ```
pub trait Outputs<T: Scalar>: Sized {
    /// The memory that the outputs of a batch are written to, one mutable slice each.
    type SlicesMut<'a>: SlicesMut;
    /// The outputs of a batch, one slice each.
    type Slices<'a>;

    /// Returns zeros for a batch with the given run-time sizes.
    ///
    /// # Errors
    /// [`Error::TooLarge`](crate::Error::TooLarge).
    fn zeros(batch: usize, ports: &[Port], lengths: &[usize]) -> Result<Self>;
    /// Returns the memory of the outputs, to be written to.
    fn slices_mut(&mut self) -> Self::SlicesMut<'_>;
    /// Calls `with` with the values of each output, until it fails.
    ///
    /// # Errors
    /// The error of `with`.
    fn try_each(&mut self, with: &mut dyn FnMut(&mut [T]) -> Result<()>) -> Result<()>;
    /// Cuts `buffer` into one mutable slice for each output of `batch` samples.
    fn slices_mut_in<'a>(
        buffer: &'a mut [T],
        batch: usize,
        ports: &[Port],
        lengths: &[usize],
    ) -> Self::SlicesMut<'a>;
    /// Returns one mutable slice for each output: these ranges of `buffer`, which are in increasing order.
    fn ranges_mut_in<'a>(buffer: &'a mut [T], ranges: &[Range<usize>]) -> Self::SlicesMut<'a>;
    /// Cuts a buffer that was written through [`slices_mut_in`](Self::slices_mut_in) into one slice for each output.
    fn slices_in<'a>(
        buffer: &'a [T],
        batch: usize,
        ports: &[Port],
        lengths: &[usize],
    ) -> Self::Slices<'a>;
}

/// One mutable slice for each output.
pub trait SlicesMut: Send + Sized {
    /// Splits each slice into that of the first `samples` samples and that of the rest.
    fn split(self, samples: usize, ports: &[Port], lengths: &[usize]) -> (Self, Self);
}

impl<T: Scalar, const K: usize> SlicesMut for [&mut [T]; K] {
    #[inline]
    fn split(self, samples: usize, ports: &[Port], lengths: &[usize]) -> (Self, Self) {
        let mut index = 0;
        let pairs = self.map(|slice| {
            index += 1;
            slice.split_at_mut(samples * ports[index - 1].len_at(lengths))
        });
        let mut rests = [const { None }; K];
        let mut index = 0;
        let firsts = pairs.map(|(first, rest)| {
            rests[index] = Some(rest);
            index += 1;
            first
        });
        (firsts, rests.map(Option::unwrap_or_default))
    }
}

fn zeros<T: Scalar>(batch: usize, port: &Port, lengths: &[usize]) -> Result<Tensor<T>> {
    let mut shape = port.shape_at(lengths);
    shape.insert(0, batch);
    Tensor::try_zeros(shape)
}

/// Cuts the first `len` elements off `buffer`.
fn take<'a, T>(buffer: &mut &'a [T], len: usize) -> &'a [T] {
    let (first, rest) = buffer.split_at(len);
    *buffer = rest;
    first
}

/// Cuts a range off `buffer`, of which the first `taken` elements are gone already.
fn take_range<'a, T>(
    buffer: &mut &'a mut [T],
    taken: &mut usize,
    range: &Range<usize>,
) -> &'a mut [T] {
    take_mut(buffer, range.start - *taken);
    *taken = range.end;
    take_mut(buffer, range.len())
}

fn take_mut<'a, T>(buffer: &mut &'a mut [T], len: usize) -> &'a mut [T] {
    let (first, rest) = std::mem::take(buffer).split_at_mut(len);
    *buffer = rest;
    first
}

impl<T: Scalar> Outputs<T> for Tensor<T> {
    type SlicesMut<'a> = [&'a mut [T]; 1];
    type Slices<'a> = &'a [T];

    fn zeros(batch: usize, ports: &[Port], lengths: &[usize]) -> Result<Self> {
        zeros(batch, &ports[0], lengths)
    }
    fn slices_mut(&mut self) -> Self::SlicesMut<'_> {
        [self.as_mut_slice()]
    }
    fn try_each(&mut self, with: &mut dyn FnMut(&mut [T]) -> Result<()>) -> Result<()> {
        with(self.as_mut_slice())
    }
    #[inline]
    fn slices_mut_in<'a>(
        mut buffer: &'a mut [T],
        batch: usize,
        ports: &[Port],
        lengths: &[usize],
    ) -> Self::SlicesMut<'a> {
        [take_mut(&mut buffer, batch * ports[0].len_at(lengths))]
    }
    #[inline]
    fn ranges_mut_in<'a>(buffer: &'a mut [T], ranges: &[Range<usize>]) -> Self::SlicesMut<'a> {
        [&mut buffer[ranges[0].clone()]]
    }
    #[inline]
    fn slices_in<'a>(
        mut buffer: &'a [T],
        batch: usize,
        ports: &[Port],
        lengths: &[usize],
    ) -> Self::Slices<'a> {
        take(&mut buffer, batch * ports[0].len_at(lengths))
    }
}

macro_rules! tuple {
    ($count:literal: $($tensor:ident $i:tt),+) => {
        impl<T: Scalar> Outputs<T> for ($($tensor<T>,)+) {
            type SlicesMut<'a> = [&'a mut [T]; $count];
            type Slices<'a> = ($(<$tensor<T> as Outputs<T>>::Slices<'a>,)+);

            fn zeros(batch: usize, ports: &[Port], lengths: &[usize]) -> Result<Self> {
                Ok(($(zeros(batch, &ports[$i], lengths)?,)+))
            }
            fn slices_mut(&mut self) -> Self::SlicesMut<'_> {
                [$(self.$i.as_mut_slice()),+]
            }
            fn try_each(&mut self, with: &mut dyn FnMut(&mut [T]) -> Result<()>) -> Result<()> {
                $(with(self.$i.as_mut_slice())?;)+
                Ok(())
            }
            fn slices_mut_in<'a>(mut buffer: &'a mut [T], batch: usize, ports: &[Port], lengths: &[usize]) -> Self::SlicesMut<'a> {
                [$(take_mut(&mut buffer, batch * ports[$i].len_at(lengths))),+]
            }
            fn ranges_mut_in<'a>(mut buffer: &'a mut [T], ranges: &[Range<usize>]) -> Self::SlicesMut<'a> {
                let mut taken = 0;
                [$(take_range(&mut buffer, &mut taken, &ranges[$i])),+]
            }
            fn slices_in<'a>(mut buffer: &'a [T], batch: usize, ports: &[Port], lengths: &[usize]) -> Self::Slices<'a> {
                ($(take(&mut buffer, batch * ports[$i].len_at(lengths)),)+)
            }
        }
    };
}

tuple!(2: Tensor 0, Tensor 1);
tuple!(3: Tensor 0, Tensor 1, Tensor 2);
tuple!(4: Tensor 0, Tensor 1, Tensor 2, Tensor 3);
