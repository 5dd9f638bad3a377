//! The interface between data and training: batches, and what yields them.

use super::DataError;
use crate::network::{Trainable, samples};
use crate::source::Feed;

/// Samples and their targets, as one training step takes them.
///
/// It is implemented for a pair of inputs and targets, each a [`Source`](crate::Source) or a tuple of them, owned
/// or borrowed: `(x, classes)`, `((left, right), same)`. For a loss without targets, the pair is `(x, ())`.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let batch = ([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]); // three samples and their targets
/// assert_eq!(monograd::data::Batch::<Line>::samples(&batch), 3);
/// let loss = Line::init(1).loss(&batch.0, &batch.1)?;
/// assert!(loss.is_finite());
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch for `{N}`",
    note = "a batch is a pair of inputs and targets, `(x, y)`, or `((x, y), target)` with two inputs; each holds \
            just the elements that the network takes: `f32` numbers, or `u32` class numbers"
)]
pub trait Batch<N: Trainable> {
    /// Returns the number of samples, by which means over several batches are weighted; 0 if the inputs do not
    /// fit the network, which a step reports.
    fn samples(&self) -> usize {
        samples::<N>(self.inputs())
    }

    /// Returns the inputs, as [`forward`](crate::Network::forward) takes them.
    fn inputs(&self) -> impl Feed<N::Inputs<'_>>;

    /// Returns the targets, as [`loss`](crate::Network::loss) takes them.
    fn targets(&self) -> impl Feed<N::Targets<'_>>;
}

impl<N: Takes<X, Y>, X, Y> Batch<N> for (X, Y) {
    fn inputs(&self) -> impl Feed<N::Inputs<'_>> {
        N::inputs(&self.0)
    }

    fn targets(&self) -> impl Feed<N::Targets<'_>> {
        N::targets(&self.1)
    }
}

/// A network that takes inputs from `X` and targets from `Y`.
///
/// It is a trait of the network, so that the compiler asks nothing of data as long as the network is unknown: beside an
/// error of the network, data is none.
#[doc(hidden)]
pub trait Takes<X, Y>: Trainable {
    /// Returns the inputs.
    fn inputs(inputs: &X) -> impl Feed<Self::Inputs<'_>>;

    /// Returns the targets.
    fn targets(targets: &Y) -> impl Feed<Self::Targets<'_>>;
}

impl<N: Trainable, X, Y> Takes<X, Y> for N
where
    for<'a> &'a X: Feed<N::Inputs<'a>>,
    for<'a> &'a Y: Feed<N::Targets<'a>>,
{
    fn inputs(inputs: &X) -> impl Feed<Self::Inputs<'_>> {
        inputs
    }

    fn targets(targets: &Y) -> impl Feed<Self::Targets<'_>> {
        targets
    }
}

impl<N: Trainable, B: Batch<N> + ?Sized> Batch<N> for &B {
    fn samples(&self) -> usize {
        (**self).samples()
    }

    fn inputs(&self) -> impl Feed<N::Inputs<'_>> {
        (**self).inputs()
    }

    fn targets(&self) -> impl Feed<N::Targets<'_>> {
        (**self).targets()
    }
}

/// The batches of a training. One pass over them is an epoch.
///
/// The same epoch has to give the same batches in the same order, so that a training that is resumed in the middle
/// of an epoch can skip those that it has seen. Shuffle by a seed and the number of the epoch.
///
/// It is implemented for closures from the number of an epoch to an iterator of batches (if it may fail, of
/// results: see [`fallible`]), and for slices of batches.
///
/// ```
/// use monograd::data::Batches;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// /// Counts the samples of an epoch.
/// fn samples(mut data: impl Batches<Line>, epoch: u64) -> Result<usize, Error> {
///     use monograd::data::Batch;
///     data.epoch(epoch)?.map(|batch| Ok(batch?.samples())).sum()
/// }
///
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]);
/// assert_eq!(samples(|_epoch| x.chunks(3).zip(y.chunks(3)), 0)?, 4); // a closure
/// assert_eq!(samples(&[([0.5], [2.0]), ([1.5], [4.0])][..], 7)?, 2); // a slice of batches
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not yield batches for `{N}`",
    note = "a closure `|epoch| ..` that returns an iterator of pairs of inputs and targets does, and a slice of pairs; \
            a closure that yields `Result`s goes through `fallible(..)`"
)]
pub trait Batches<N: Trainable> {
    /// The type of a batch.
    type Batch: Batch<N>;

    /// Returns the batches of an epoch, counted from 0.
    ///
    /// # Errors
    /// If the data cannot be read; later errors are those of the items.
    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError>;

    /// Returns the number of batches of an epoch, if it is known.
    fn batches(&self) -> Option<u64> {
        None
    }
}

/// Returns an error if batches would have no samples.
pub(super) fn check_samples(samples: usize) -> Result<(), DataError> {
    match samples {
        0 => Err(DataError::option("a batch of 0 samples: it has at least one")),
        _ => Ok(()),
    }
}

/// Returns the number of batches of `samples` samples among `len`.
pub(super) const fn count(len: u64, samples: usize, drops_last: bool) -> u64 {
    let samples = if samples == 0 { 1 } else { samples as u64 };
    if drops_last { len / samples } else { len.div_ceil(samples) }
}

/// Implements [`Batches`] for a type, and for references to it, so that it can be used again after a training. One
/// implementation for all references would overlap with that of closures.
macro_rules! batches {
    (
        impl<$($parameter:ident),+> for $type:ty where { $($bounds:tt)* }
        type Batch = $batch:ty;
        fn epoch(&mut $data:ident, $epoch:ident) { $epochs:expr }
        fn batches() { $count:expr }
    ) => {
        $crate::data::batch::batches! {
            @ [$($parameter),+] [$type] [$type] [$($bounds)*] [$batch] [$data, $epoch, $epochs, $count]
        }
        $crate::data::batch::batches! {
            @ [$($parameter),+] [&mut $type] [$type] [$($bounds)*] [$batch] [$data, $epoch, $epochs, $count]
        }
    };
    (
        @ [$($parameter:ident),+] [$for:ty] [$type:ty] [$($bounds:tt)*] [$batch:ty]
        [$data:ident, $epoch:ident, $epochs:expr, $count:expr]
    ) => {
        impl<$($parameter),+> $crate::data::Batches<N> for $for
        where
            N: $crate::Trainable,
            $($bounds)*
        {
            type Batch = $batch;

            fn epoch(
                &mut self,
                $epoch: u64,
            ) -> Result<
                impl Iterator<Item = Result<Self::Batch, $crate::data::DataError>>,
                $crate::data::DataError,
            > {
                let $data: &mut $type = self;
                $epochs
            }

            fn batches(&self) -> Option<u64> {
                let $data: &$type = self;
                $count
            }
        }
    };
}
pub(super) use batches;

impl<N, F, I> Batches<N> for F
where
    N: Trainable,
    F: FnMut(u64) -> I,
    I: IntoIterator<Item: Batch<N>>,
{
    type Batch = I::Item;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        Ok(self(epoch).into_iter().map(Ok))
    }
}

impl<'b, N: Trainable, B: Batch<N>> Batches<N> for &'b [B] {
    type Batch = &'b B;

    fn epoch(
        &mut self,
        _: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        Ok(self.iter().map(Ok))
    }

    fn batches(&self) -> Option<u64> {
        Some(self.len() as u64)
    }
}

/// A closure that returns an iterator of results; see [`fallible`].
///
/// ```
/// use monograd::data::{Batches, fallible};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let mut tape = fallible(|_epoch| [Ok(([0.0], [1.0])), Err("the tape is torn")]);
/// let mut epoch = Batches::<Line>::epoch(&mut tape, 0)?;
/// assert_eq!(epoch.next().unwrap()?, ([0.0], [1.0]));
/// assert_eq!(epoch.next().unwrap().unwrap_err().to_string(), "the tape is torn");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fallible<F>(F);

/// Makes [`Batches`] of a closure that returns an iterator of results, with errors of any type, since reading may
/// fail.
///
/// ```
/// use monograd::data::{Batches, fallible};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// // each line is a batch of one sample
/// let mut data = fallible(|_epoch| {
///     "0 1\n1 3".lines().map(|line| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
///         let (x, y) = line.split_once(' ').ok_or("a line without a space")?;
///         Ok(([x.parse::<f32>()?], [y.parse::<f32>()?]))
///     })
/// });
/// let batches = Batches::<Line>::epoch(&mut data, 0)?.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(batches, [([0.0], [1.0]), ([1.0], [3.0])]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub fn fallible<F, I, B, E>(closure: F) -> Fallible<F>
where
    F: FnMut(u64) -> I,
    I: IntoIterator<Item = Result<B, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    Fallible(closure)
}

impl<N, F, I, B, E> Batches<N> for Fallible<F>
where
    N: Trainable,
    F: FnMut(u64) -> I,
    I: IntoIterator<Item = Result<B, E>>,
    B: Batch<N>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Batch = B;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        Ok((self.0)(epoch).into_iter().map(|batch| batch.map_err(DataError::other)))
    }
}
