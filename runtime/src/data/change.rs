//! The changes of batches before they are handed out, and the memory that batches share.

use crate::random::{Generator, Philox};
use std::sync::Arc;

/// A change of the inputs and targets of a batch.
type Change<X, Y> = Arc<dyn Fn(&mut X, &mut Y, &mut Generator) + Send + Sync>;

/// Changes of batches, each with its random numbers.
#[derive(Clone)]
pub(super) struct Changes<X, Y>(Vec<(Change<X, Y>, Philox)>);

impl<X, Y> Default for Changes<X, Y> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<X, Y> Changes<X, Y> {
    pub fn push(
        &mut self,
        seed: u64,
        change: impl Fn(&mut X, &mut Y, &mut Generator) + Send + Sync + 'static,
    ) {
        self.0.push((Arc::new(change), Philox::new(seed)));
    }

    /// Changes batch `number` of an epoch.
    pub fn apply(&self, x: &mut X, y: &mut Y, epoch: u64, number: usize) {
        for (change, philox) in &self.0 {
            change(x, y, &mut philox.stream(stream_of_batch(epoch, number)));
        }
    }
}

/// Returns the stream of random numbers of batch `number` of an epoch. Epochs of 2^32 batches and more would share
/// some.
pub(super) const fn stream_of_batch(epoch: u64, number: usize) -> u64 {
    epoch << 32 ^ number as u64
}

/// Memory of batches that may have been dropped.
#[derive(Debug)]
pub(super) struct Pool<B>(Vec<Arc<B>>);

/// Number of batches whose memory is kept: one is trained on, and a few wait in a queue.
const KEPT: usize = 8;

impl<B> Default for Pool<B> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A clone has memory of its own.
impl<B> Clone for Pool<B> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<B> Pool<B> {
    /// Returns a batch that `fill` has filled: in memory that nobody else holds, or else in that of `room`.
    pub fn batch(&mut self, room: impl FnOnce() -> B, fill: impl FnOnce(&mut B)) -> Arc<B> {
        let free = self.0.iter_mut().position(|batch| Arc::get_mut(batch).is_some());
        let mut batch = match free {
            Some(free) => self.0.swap_remove(free),
            None => Arc::new(room()),
        };
        Arc::get_mut(&mut batch).map(fill);
        if self.0.len() < KEPT {
            self.0.push(batch.clone());
        }
        batch
    }
}
