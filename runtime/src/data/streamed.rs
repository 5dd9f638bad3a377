//! Batches of data that is larger than memory.

mod blocks;
mod mixer;

pub use blocks::Blocks;

use super::batch::{batches, check_samples, count};
use super::change::{Changes, Pool};
use super::error::DataError;
use super::samples::Samples;
use crate::random::{Generator, Philox};
use crate::source::Feed;
use mixer::Mixer;
use std::fmt;
use std::sync::Arc;

/// The batches of data that is larger than memory. No more of it is held than a batch or two, and the samples
/// among which it shuffles.
///
/// ```
/// use monograd::data::{Prefetch, Streamed, array::ArrayFile};
///
/// # let folder = std::env::temp_dir().join(format!("monograd-doc-streamed-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let [images, labels] = ["images", "labels"].map(|name| folder.join(name));
/// # std::fs::write(&images, [&[0, 0, 8, 2, 0, 0, 0, 100, 0, 0, 0, 4], &[51; 400][..]].concat()).unwrap();
/// # std::fs::write(&labels, [&[0, 0, 8, 1, 0, 0, 0, 100], &[7; 100][..]].concat()).unwrap();
/// let images = ArrayFile::<f32>::open(images)?; // of MNIST, say
/// let labels = ArrayFile::<u32>::open(labels)?;
/// let mut batches = Streamed::new((images, labels), 32)
///     .shuffle(42, 10_000) // each sample is drawn from the next 10,000
///     .map(0, |images, _, _| images.as_mut_slice().iter_mut().for_each(|x| *x /= 255.0));
/// assert_eq!(batches.count(), Some(4));
/// assert_eq!(batches.epoch(0)?.next().unwrap()?.0.row(31), [0.2; 4]);
/// let batches = Prefetch::new(batches, 2); // read while a step runs
/// # drop(batches);
/// # std::fs::remove_dir_all(&folder).unwrap();
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
        self.source.samples().map(|len| count(len, self.samples, self.drops_last))
    }

    /// Returns the batches of an epoch, counted from 0.
    ///
    /// # Errors
    /// If a batch would have no samples, or the source cannot be read from the first on.
    pub fn epoch(&mut self, epoch: u64) -> Result<StreamedEpoch<'_, S>, DataError> {
        check_samples(self.samples)?;
        self.source.rewind()?;
        let mixer = self.seed.map(|seed| {
            let random = Philox::new(seed).stream(epoch);
            Mixer::new(&self.source, self.capacity(), self.samples, random)
        });
        let mixer = mixer.transpose()?;
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

batches! {
    impl<N, S> for Streamed<S> where {
        S: Blocks,
        for<'a> &'a S::Inputs: Feed<N::Inputs<'a>>,
        for<'a> &'a S::Targets: Feed<N::Targets<'a>>,
    }
    type Batch = Arc<(S::Inputs, S::Targets)>;
    fn epoch(&mut stream, epoch) { stream.epoch(epoch) }
    fn batches() { stream.count() }
}

/// Inputs and targets of a source.
type Parts<S> = (<S as Blocks>::Inputs, <S as Blocks>::Targets);

/// The batches of one epoch of a [`Streamed`]. After an error there are no more.
///
/// ```
/// use monograd::data::Streamed;
/// use monograd::data::csv::{Columns, Csv};
///
/// let csv = Csv::text("x,y\n1,10\n2,20\n3,many\n");
/// let encoding = Columns::new().target("y").number("y").fit(&csv.read_rows(2)?)?;
/// let mut batches = Streamed::new(encoding.rows::<f32>(csv)?, 2);
/// let mut epoch = batches.epoch(0)?;
/// assert_eq!(epoch.next().unwrap()?.1.as_slice(), [10.0, 20.0]);
/// assert_eq!(epoch.next().unwrap().unwrap_err().line(), Some(4));
/// assert!(epoch.next().is_none()); // the error was the last
/// # Ok::<(), monograd::data::DataError>(())
/// ```
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
        let room = source.room(0)?;
        let mut read: Result<usize, DataError> = Ok(0);
        let batch = pool.batch(
            || room,
            |batch| {
                read = (|| {
                    if batch.count()?.is_some_and(|count| count != samples) {
                        *batch = source.room(samples)?;
                    }
                    let read = match &mut self.mixer {
                        Some(mixer) => mixer.draw(source, capacity, batch, samples)?,
                        None => fill(source, batch, samples)?,
                    };
                    if read < samples && read > 0 && !*drops_last {
                        let kept: Vec<usize> = (0..read).collect();
                        let mut last = source.room(read)?;
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
