//! Passages of a text.

use super::super::batch::{batches, check_samples};
use super::super::change::{Pool, stream_of_batch};
use super::super::{DataError, Dataset};
use crate::random::{Generator, Philox};
use crate::source::Feed;
use crate::tensor::Tensor;
use std::sync::Arc;

/// Passages of a text, and for each of their characters the next one.
///
/// ```
/// use monograd::data::text::{self, Passages};
///
/// let numbers = text::bytes("to be or not to be");
/// let Passages { read, next } = Passages::all(&numbers, 4)?;
/// assert_eq!((read.row(0), next.row(0)), (&numbers[..4], &numbers[1..5]));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Passages {
    /// The passages, one per row.
    pub read: Tensor<u32>,
    /// The passages shifted by one character.
    pub next: Tensor<u32>,
}

impl Passages {
    /// Returns passages of `length` characters from random places.
    ///
    /// # Errors
    /// If the text is not longer than a passage.
    pub fn random(
        text: &[u32],
        count: usize,
        length: usize,
        random: &mut Generator,
    ) -> Result<Self, DataError> {
        let places = places(text, length)?;
        Ok(Self::at(text, &(0..count).map(|_| random.below(places)).collect::<Vec<_>>(), length))
    }

    /// Splits a text into passages. An incomplete last one is left out.
    ///
    /// # Errors
    /// If the text is not longer than a passage.
    pub fn all(text: &[u32], length: usize) -> Result<Self, DataError> {
        let places = places(text, length)?;
        Ok(Self::at(text, &(0..places).step_by(length).collect::<Vec<_>>(), length))
    }

    /// Returns them as a data set, whose targets are the next characters.
    ///
    /// # Errors
    /// If there are none.
    pub fn dataset(self) -> Result<Dataset<Tensor<u32>, Tensor<u32>>, DataError> {
        Dataset::new(self.read, self.next)
    }

    fn at(text: &[u32], places: &[usize], length: usize) -> Self {
        let mut passages = Self::room(places.len(), length);
        passages.fill(text, places, length);
        passages
    }

    fn room(count: usize, length: usize) -> Self {
        Self { read: Tensor::zeros([count, length]), next: Tensor::zeros([count, length]) }
    }

    fn fill(&mut self, text: &[u32], places: &[usize], length: usize) {
        for (row, place) in places.iter().enumerate() {
            self.read.row_mut(row).copy_from_slice(&text[*place..][..length]);
            self.next.row_mut(row).copy_from_slice(&text[place + 1..][..length]);
        }
    }
}

/// Returns the number of places at which a passage and the character after it can begin.
fn places(text: &[u32], length: usize) -> Result<usize, DataError> {
    match text.len().checked_sub(length) {
        Some(places) if places > 0 && length > 0 => Ok(places),
        _ => {
            let len = text.len();
            let reason = format!(
                "a text of {len} characters is too short for passages of {length}: it takes at least \
                 {}",
                length.max(1).saturating_add(1)
            );
            Err(DataError::option(reason))
        }
    }
}

/// Batches of passages from random places of a text: what a language model learns from.
///
/// ```
/// use monograd::data::text::{self, RandomPassages};
/// use monograd::prelude::*;
///
/// network! {
///     /// The next byte by the last one.
///     Next(text: u32[8]) -> [8, 256] { text >> Embedding(256, 256) }
///     loss cross_entropy
/// }
///
/// let numbers = text::bytes("to be or not to be, that is the question");
/// let batches = RandomPassages::new(numbers, 8, 4, 100, 42)?; // 100 batches of 4 passages of 8 in an epoch
/// let (mut net, mut optimizer) = (Next::init(1), AdamW::new(0.1));
/// let fitted = Trainer::new(&mut net, &mut optimizer).epochs(2).fit(batches)?;
/// assert!(fitted.steps == 200 && fitted.history.last("loss") < Some(3.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomPassages {
    text: Arc<[u32]>,
    length: usize,
    samples: usize,
    batches: u64,
    seed: u64,
    pool: Pool<(Tensor<u32>, Tensor<u32>)>,
}

impl RandomPassages {
    /// Makes epochs of `batches` batches of `samples` passages of `length` characters. Seed and epoch determine the
    /// places.
    ///
    /// # Errors
    /// If the text is not longer than a passage, or a batch has no samples.
    pub fn new(
        text: impl Into<Arc<[u32]>>,
        length: usize,
        samples: usize,
        batches: u64,
        seed: u64,
    ) -> Result<Self, DataError> {
        let text = text.into();
        places(&text, length)?;
        check_samples(samples)?;
        Ok(Self { text, length, samples, batches, seed, pool: Pool::default() })
    }

    /// Returns the batches of an epoch.
    fn draw(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Drawn, DataError>>, DataError> {
        let (length, samples) = (self.length, self.samples);
        let places = places(&self.text, length)?;
        let philox = Philox::new(self.seed);
        let numbers = usize::try_from(self.batches).unwrap_or(usize::MAX);
        Ok((0..numbers).map(move |number| {
            let mut random = philox.stream(stream_of_batch(epoch, number));
            let room = || (Tensor::zeros([samples, length]), Tensor::zeros([samples, length]));
            Ok(self.pool.batch(room, |(read, next)| {
                for row in 0..samples {
                    let place = random.below(places);
                    read.row_mut(row).copy_from_slice(&self.text[place..][..length]);
                    next.row_mut(row).copy_from_slice(&self.text[place + 1..][..length]);
                }
            }))
        }))
    }
}

/// Passages, and for each of their characters the next one.
type Drawn = Arc<(Tensor<u32>, Tensor<u32>)>;

batches! {
    impl<N> for RandomPassages where {
        for<'a> &'a Tensor<u32>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
    }
    type Batch = Drawn;
    fn epoch(&mut passages, epoch) { passages.draw(epoch) }
    fn batches() { Some(passages.batches) }
}
