//! Batches of a data set in memory.

use super::batch::{Batch, batches, check_samples, count};
use super::change::{Changes, Pool};
use super::samples::Samples;
use super::{Augment, DataError};
use crate::network::Trainable;
use crate::random::{Generator, Philox};
use crate::scalar::Scalar;
use crate::source::Feed;
use crate::tensor::Tensor;
use std::fmt;
use std::sync::Arc;

/// The batches of a [`Dataset`](super::Dataset), as a training reads them.
///
/// The memory of a batch is used again once it is dropped.
///
/// ```
/// use monograd::data::Dataset;
///
/// let data = Dataset::new(vec![[0.0_f32, 1.0]; 10], vec![0_u32; 10])?;
/// let mut batches = data.batches(4).shuffle(42);
/// let mut sizes = Vec::new();
/// for batch in batches.epoch(0)? {
///     let (_, classes) = &*batch?;
///     sizes.push(classes.len());
/// }
/// assert_eq!(sizes, [4, 4, 2]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone)]
pub struct Loader<X, Y> {
    parts: Arc<(X, Y)>,
    len: usize,
    samples: usize,
    seed: Option<u64>,
    drops_last: bool,
    changes: Changes<X, Y>,
    pool: Pool<(X, Y)>,
}

impl<X: Samples, Y: Samples> Loader<X, Y> {
    pub(super) fn new(parts: Arc<(X, Y)>, len: usize, samples: usize) -> Self {
        let (seed, drops_last, changes) = (None, false, Changes::default());
        Self { parts, len, samples, seed, drops_last, changes, pool: Pool::default() }
    }

    /// Takes the samples in another order in each epoch, which the seed and the number of the epoch determine.
    #[must_use]
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Leaves out the last batch of an epoch if it is smaller than the others.
    #[must_use]
    pub fn drop_last(mut self) -> Self {
        self.drops_last = true;
        self
    }

    /// Changes the inputs and targets of each batch before it is handed out. The random numbers are those of the
    /// seed, the epoch and the batch.
    #[must_use]
    pub fn map(
        mut self,
        seed: u64,
        change: impl Fn(&mut X, &mut Y, &mut Generator) + Send + Sync + 'static,
    ) -> Self {
        self.changes.push(seed, change);
        self
    }

    /// Returns the number of batches of an epoch.
    #[must_use]
    pub fn count(&self) -> usize {
        count(self.len as u64, self.samples, self.drops_last) as usize
    }

    /// Returns the batches of an epoch, counted from 0.
    ///
    /// # Errors
    /// If a batch would have no samples, or an epoch no batches.
    pub fn epoch(&mut self, epoch: u64) -> Result<Epoch<'_, X, Y>, DataError> {
        check_samples(self.samples)?;
        if self.count() == 0 {
            let (len, samples) = (self.len, self.samples);
            let reason = format!(
                "{len} samples are fewer than a batch of {samples}, and the last batch is dropped: \
                 there is no batch"
            );
            return Err(DataError::option(reason));
        }
        let order = match self.seed {
            Some(seed) => Philox::new(seed).stream(epoch).permutation(self.len),
            None => (0..self.len).collect(),
        };
        let count = self.count();
        let Self { parts, samples, changes, pool, .. } = self;
        Ok(Epoch { parts, samples: *samples, changes, pool, order, epoch, next: 0, count })
    }
}

impl<T: Scalar, Y: Samples> Loader<Tensor<T>, Y> {
    /// Changes images at random before they are handed out.
    #[must_use]
    pub fn augment(self, augment: Augment) -> Self {
        self.map(augment.seed, move |images, _, random| augment.apply(images, random))
    }
}

impl<X: Samples, Y: Samples> fmt::Debug for Loader<X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("samples", &self.samples)
            .field("of", &self.len)
            .field("seed", &self.seed)
            .field("drops_last", &self.drops_last)
            .finish_non_exhaustive()
    }
}

batches! {
    impl<N, X, Y> for Loader<X, Y> where {
        X: Samples,
        Y: Samples,
        for<'a> &'a X: Feed<N::Inputs<'a>>,
        for<'a> &'a Y: Feed<N::Targets<'a>>,
    }
    type Batch = Arc<(X, Y)>;
    fn epoch(&mut loader, epoch) { loader.epoch(epoch) }
    fn batches() { Some(loader.count() as u64) }
}

impl<N: Trainable, B: Batch<N>> Batch<N> for Arc<B> {
    fn samples(&self) -> usize {
        B::samples(self)
    }

    fn inputs(&self) -> impl Feed<N::Inputs<'_>> {
        B::inputs(self)
    }

    fn targets(&self) -> impl Feed<N::Targets<'_>> {
        B::targets(self)
    }
}

/// The batches of one epoch of a [`Loader`]. Skipping some costs nothing.
///
/// ```
/// use monograd::data::Dataset;
///
/// let data = Dataset::new(vec![[0.5_f32]; 10], (0..10).collect::<Vec<u32>>())?;
/// let mut batches = data.batches(4);
/// let mut epoch = batches.epoch(0)?;
/// assert_eq!(epoch.len(), 3);
/// let second = epoch.nth(1).unwrap()?; // the first is skipped, and not gathered
/// assert_eq!(second.1, [4, 5, 6, 7]);
/// assert_eq!(epoch.next().unwrap()?.1, [8, 9]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub struct Epoch<'l, X, Y> {
    parts: &'l (X, Y),
    samples: usize,
    changes: &'l Changes<X, Y>,
    pool: &'l mut Pool<(X, Y)>,
    order: Vec<usize>,
    epoch: u64,
    next: usize,
    count: usize,
}

impl<X: Samples, Y: Samples> Iterator for Epoch<'_, X, Y> {
    type Item = Result<Arc<(X, Y)>, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.count {
            return None;
        }
        let number = self.next;
        self.next += 1;
        let first = number * self.samples;
        let indices = &self.order[first..self.order.len().min(first + self.samples)];
        let (inputs, targets) = self.parts;
        Some(Ok(self.pool.batch(
            || (inputs.room(indices.len()), targets.room(indices.len())),
            |(x, y)| {
                x.gather(inputs, indices);
                y.gather(targets, indices);
                self.changes.apply(x, y, self.epoch, number);
            },
        )))
    }

    fn nth(&mut self, skipped: usize) -> Option<Self::Item> {
        self.next = self.next.saturating_add(skipped);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count.saturating_sub(self.next);
        (left, Some(left))
    }
}

impl<X: Samples, Y: Samples> ExactSizeIterator for Epoch<'_, X, Y> {}

impl<X, Y> fmt::Debug for Epoch<'_, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Epoch")
            .field("next", &self.next)
            .field("of", &self.count)
            .finish_non_exhaustive()
    }
}
