//! Batches of data that is larger than memory.

use super::array::{ArrayElement, ArrayFile};
use super::batch::Batches;
use super::change::{Changes, Pool};
use super::error::{DataError, DataProblem};
use super::samples::Samples;
use crate::network::Trainable;
use crate::random::{Generator, Philox};
use crate::source::Feed;
use crate::tensor::{Tensor, count};
use std::fmt;
use std::sync::Arc;

/// Samples that are read one after the other: of files, mostly.
///
/// A pair of [`ArrayFile`]s is one, whose rows are inputs and targets; an `ArrayFile` alone has no targets.
pub trait Blocks {
    /// The inputs.
    type Inputs: Samples;
    /// The targets.
    type Targets: Samples;

    /// Begins again with the first sample.
    ///
    /// # Errors
    /// If that cannot be read.
    fn rewind(&mut self) -> Result<(), DataError>;

    /// Returns room for this many samples.
    fn room(&self, samples: usize) -> (Self::Inputs, Self::Targets);

    /// Reads the next samples to the places from `from` on, and returns how many were read: as many as there is
    /// room for, or fewer. None is the end.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read(
        &mut self,
        to: &mut (Self::Inputs, Self::Targets),
        from: usize,
    ) -> Result<usize, DataError>;

    /// Returns the number of samples, if it is known.
    fn samples(&self) -> Option<u64> {
        None
    }
}

/// Reads rows of a file to the rows of a tensor.
fn read_rows<E: ArrayElement>(
    file: &mut ArrayFile<E>,
    to: &mut Tensor<E>,
    from: usize,
) -> Result<usize, DataError> {
    let len = count(file.row_shape());
    file.read_rows(&mut to.as_mut_slice()[from * len..])
}

fn rows<E: ArrayElement>(file: &ArrayFile<E>, samples: usize) -> Tensor<E> {
    let shape: Vec<usize> =
        std::iter::once(samples).chain(file.row_shape().iter().copied()).collect();
    Tensor::zeros(shape)
}

impl<A: ArrayElement, B: ArrayElement> Blocks for (ArrayFile<A>, ArrayFile<B>) {
    type Inputs = Tensor<A>;
    type Targets = Tensor<B>;

    fn rewind(&mut self) -> Result<(), DataError> {
        let (first, second) = (self.0.rows(), self.1.rows());
        if first != second {
            return Err(DataProblem::Samples { first, second }.into());
        }
        self.0.rewind()?;
        self.1.rewind()
    }

    fn room(&self, samples: usize) -> (Tensor<A>, Tensor<B>) {
        (rows(&self.0, samples), rows(&self.1, samples))
    }

    fn read(&mut self, to: &mut (Tensor<A>, Tensor<B>), from: usize) -> Result<usize, DataError> {
        // as many of both, since there are as many and there is as much room
        read_rows(&mut self.0, &mut to.0, from)?;
        read_rows(&mut self.1, &mut to.1, from)
    }

    fn samples(&self) -> Option<u64> {
        Some(self.0.rows() as u64)
    }
}

impl<A: ArrayElement> Blocks for ArrayFile<A> {
    type Inputs = Tensor<A>;
    type Targets = ();

    fn rewind(&mut self) -> Result<(), DataError> {
        Self::rewind(self)
    }

    fn room(&self, samples: usize) -> (Tensor<A>, ()) {
        (rows(self, samples), ())
    }

    fn read(&mut self, to: &mut (Tensor<A>, ()), from: usize) -> Result<usize, DataError> {
        read_rows(self, &mut to.0, from)
    }

    fn samples(&self) -> Option<u64> {
        Some(self.rows() as u64)
    }
}

/// The batches of data that is larger than memory. No more of it is held than a batch or two, and the samples
/// among which it shuffles.
///
/// ```no_run
/// use monograd::data::{Prefetch, Streamed, array::ArrayFile};
///
/// let images = ArrayFile::<f32>::open("images.npy")?;
/// let labels = ArrayFile::<u32>::open("labels.npy")?;
/// let batches = Streamed::new((images, labels), 32)
///     .shuffle(42, 10_000) // each sample is drawn from the next 10,000
///     .map(0, |images, _, _| images.as_mut_slice().iter_mut().for_each(|x| *x /= 255.0));
/// let batches = Prefetch::new(batches, 2); // read while a step runs
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub struct Streamed<S: Blocks> {
    source: S,
    samples: usize,
    seed: Option<u64>,
    held: usize,
    drops_last: bool,
    changes: Changes<S::Inputs, S::Targets>,
    pool: Pool<(S::Inputs, S::Targets)>,
}

impl<S: Blocks> Streamed<S> {
    /// Makes batches of this many samples, in the order of the source.
    #[must_use]
    pub fn new(source: S, samples: usize) -> Self {
        let (changes, pool) = (Changes::default(), Pool::default());
        Self { source, samples, seed: None, held: 0, drops_last: false, changes, pool }
    }

    /// Holds this many samples, and draws from them at random: the more, the better they are mixed. Seed and
    /// epoch determine the order.
    #[must_use]
    pub fn shuffle(mut self, seed: u64, held: usize) -> Self {
        (self.seed, self.held) = (Some(seed), held);
        self
    }

    /// Leaves out the last batch of an epoch if it is smaller than the others.
    #[must_use]
    pub fn drop_last(mut self) -> Self {
        self.drops_last = true;
        self
    }

    /// Changes each batch before it is handed out; see [`Loader::map`](super::Loader::map).
    #[must_use]
    pub fn map(
        mut self,
        seed: u64,
        change: impl Fn(&mut S::Inputs, &mut S::Targets, &mut Generator) + Send + Sync + 'static,
    ) -> Self {
        self.changes.push(seed, change);
        self
    }

    /// Returns the number of batches of an epoch, if it is known.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        let samples = self.samples.max(1) as u64;
        let of = |all: u64| if self.drops_last { all / samples } else { all.div_ceil(samples) };
        self.source.samples().map(of)
    }

    /// Returns the batches of an epoch, counted from 0.
    ///
    /// # Errors
    /// If a batch would have no samples, or the source cannot be read from the first on.
    pub fn epoch(&mut self, epoch: u64) -> Result<StreamedEpoch<'_, S>, DataError> {
        if self.samples == 0 {
            return Err(DataError::option("a batch of 0 samples: it has at least one"));
        }
        self.source.rewind()?;
        let mixer = self.seed.map(|seed| Mixer {
            random: Philox::new(seed).stream(epoch),
            // as many as an epoch has are enough
            held: self.source.room(self.capacity()),
            count: 0,
            block: self.source.room(self.samples),
            next: 0,
            read: 0,
            one: self.source.room(1),
        });
        Ok(StreamedEpoch { stream: self, mixer, epoch, number: 0, has_ended: false })
    }

    /// Returns the number of samples to draw from.
    fn capacity(&self) -> usize {
        let most = self.source.samples().and_then(|all| usize::try_from(all).ok());
        self.held.min(most.unwrap_or(usize::MAX)).max(1)
    }
}

impl<S: Blocks> fmt::Debug for Streamed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed")
            .field("samples", &self.samples)
            .field("seed", &self.seed)
            .field("held", &self.held)
            .finish_non_exhaustive()
    }
}

impl<N, S> Batches<N> for Streamed<S>
where
    N: Trainable,
    S: Blocks,
    for<'a> &'a S::Inputs: Feed<N::Inputs<'a>>,
    for<'a> &'a S::Targets: Feed<N::Targets<'a>>,
{
    type Batch = Arc<(S::Inputs, S::Targets)>;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        self.epoch(epoch)
    }

    fn batches(&self) -> Option<u64> {
        self.count()
    }
}

/// A stream that is used again afterwards.
impl<N, S> Batches<N> for &mut Streamed<S>
where
    N: Trainable,
    S: Blocks,
    for<'a> &'a S::Inputs: Feed<N::Inputs<'a>>,
    for<'a> &'a S::Targets: Feed<N::Targets<'a>>,
{
    type Batch = Arc<(S::Inputs, S::Targets)>;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        (**self).epoch(epoch)
    }

    fn batches(&self) -> Option<u64> {
        self.count()
    }
}

/// Samples among which the next one is drawn.
struct Mixer<X, Y> {
    random: Generator,
    held: (X, Y),
    /// Number of samples held.
    count: usize,
    /// Samples that are read and not yet held: those from `next` to `read`.
    block: (X, Y),
    next: usize,
    read: usize,
    /// Room for a sample that moves.
    one: (X, Y),
}

/// Inputs and targets of a source.
type Parts<S> = (<S as Blocks>::Inputs, <S as Blocks>::Targets);

impl<X: Samples, Y: Samples> Mixer<X, Y> {
    /// Moves the next sample of the source to a place among those held, if there is one.
    fn refill<S>(&mut self, source: &mut S, place: usize) -> Result<bool, DataError>
    where
        S: Blocks<Inputs = X, Targets = Y>,
    {
        if self.next == self.read {
            (self.next, self.read) = (0, source.read(&mut self.block, 0)?);
            if self.read == 0 {
                return Ok(false);
            }
        }
        self.held.put(place, &self.block, self.next);
        self.next += 1;
        Ok(true)
    }

    /// Draws samples until the batch is full or none are left, and returns their number.
    fn draw<S>(
        &mut self,
        source: &mut S,
        capacity: usize,
        to: &mut (X, Y),
        samples: usize,
    ) -> Result<usize, DataError>
    where
        S: Blocks<Inputs = X, Targets = Y>,
    {
        while self.count < capacity && self.refill(source, self.count)? {
            self.count += 1;
        }
        for at in 0..samples {
            if self.count == 0 {
                return Ok(at);
            }
            let drawn = self.random.below(self.count);
            to.put(at, &self.held, drawn);
            if !self.refill(source, drawn)? {
                self.count -= 1;
                self.one.put(0, &self.held, self.count);
                self.held.put(drawn, &self.one, 0);
            }
        }
        Ok(samples)
    }
}

/// The batches of one epoch of a [`Streamed`]. After an error there are no more.
pub struct StreamedEpoch<'s, S: Blocks> {
    stream: &'s mut Streamed<S>,
    mixer: Option<Mixer<S::Inputs, S::Targets>>,
    epoch: u64,
    number: usize,
    has_ended: bool,
}

impl<S: Blocks> StreamedEpoch<'_, S> {
    fn batch(&mut self) -> Result<Option<Arc<Parts<S>>>, DataError> {
        let capacity = self.stream.capacity();
        let Streamed { source, samples, pool, drops_last, changes, .. } = &mut *self.stream;
        let samples = *samples;
        let room = source.room(0);
        let mut read: Result<usize, DataError> = Ok(0);
        let batch = pool.batch(
            || room,
            |batch| {
                read = (|| {
                    if batch.count()?.is_some_and(|count| count != samples) {
                        *batch = source.room(samples);
                    }
                    let read = match &mut self.mixer {
                        Some(mixer) => mixer.draw(source, capacity, batch, samples)?,
                        None => fill(source, batch, samples)?,
                    };
                    if read < samples && read > 0 && !*drops_last {
                        let kept: Vec<usize> = (0..read).collect();
                        let mut last = source.room(read);
                        last.gather(batch, &kept);
                        *batch = last;
                    }
                    if read > 0 {
                        changes.apply(&mut batch.0, &mut batch.1, self.epoch, self.number);
                    }
                    Ok(read)
                })();
            },
        );
        self.number += 1;
        let read = read?;
        let is_left_out = read == 0 || (read < samples && *drops_last);
        Ok((!is_left_out).then_some(batch))
    }
}

/// Reads samples until the batch is full or none are left, and returns their number.
fn fill<S: Blocks>(source: &mut S, to: &mut Parts<S>, samples: usize) -> Result<usize, DataError> {
    let mut count = 0;
    while count < samples {
        match source.read(to, count)? {
            0 => break,
            read => count += read,
        }
    }
    Ok(count)
}

impl<S: Blocks> Iterator for StreamedEpoch<'_, S> {
    type Item = Result<Arc<Parts<S>>, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let batch = self.batch().transpose();
        self.has_ended = !matches!(batch, Some(Ok(_)));
        batch
    }
}

impl<S: Blocks> fmt::Debug for StreamedEpoch<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedEpoch").field("number", &self.number).finish_non_exhaustive()
    }
}
