//! Data-parallel training: several ranks, each with its part of every batch, train one network.
//!
//! A rank is a process on one machine or another (`Mpi`, needs feature `mpi`) or a thread of this process
//! ([`Threads`]). [`Collective`] is what they need from each other, so that another engine fits.
//! They sum their gradients, such that a step is that of one rank with the whole batch: a
//! [`Trainer`](crate::Trainer) by [`distributed`](crate::Trainer::distributed), and in a loop of one's own
//! [`DataParallel`]:
//!
//! ```
//! use monograd::distributed::{Collective, DataParallel, Threads};
//! use monograd::prelude::*;
//!
//! network! {
//!     Line(x: [1]) -> [1] { x >> Linear(1) }
//!     loss mse
//! }
//!
//! let x: Vec<f32> = (0..9).map(|i| i as f32 / 4.0).collect();
//! let y: Vec<f32> = x.iter().map(|x| 2.0 * x + 1.0).collect();
//! let losses = Threads::run(4, |world| -> Result<f32, Error> {
//!     let mut group = DataParallel::new(world);
//!     let part = group.part(x.len()); // 2, 2, 2 and 3 samples
//!     let mut net = Line::init(1);
//!     group.broadcast(&mut net)?;
//!     let mut optimizer = Sgd::new(0.1);
//!     for _ in 0..300 {
//!         group.train_step(&mut net, &x[part.clone()], &y[part.clone()], &mut optimizer)?;
//!     }
//!     group.loss(&net, &x[part.clone()], &y[part])
//! })?;
//! assert!(losses[0] < 1e-4);
//! assert_eq!(losses, [losses[0]; 4]);
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is of the whole batch and what of a rank's part
//!
//! - The loss, its gradients and the metrics are those of the whole batch, also with parts of different sizes,
//!   with empty ones, and with class weights or ignored targets that are spread unevenly.
//! - The samples of the whole batch are those of rank 0, then those of rank 1, and so on. Dropout draws by the
//!   place of a sample in the whole batch, so that it is what one rank would draw from the same seed.
//! - Statistics over a batch (`BatchNorm1d`, `batch_mean`) are those of the rank's part, as in PyTorch's
//!   `DistributedDataParallel`. The states that they go into are the mean of what the ranks with samples have
//!   found, so that all ranks keep the same states. (PyTorch keeps those of rank 0.)
//!
//! # Errors
//!
//! If a call fails on one rank, as on data of a wrong shape, it fails on all: on the others with
//! [`CollectiveError::Failed`]. A rank that ends in between ends the others as well, at their next call:
//! [`Threads`] with an error, MPI by ending the processes. A checkpoint, which rank 0 writes, then continues.

mod agreement;
mod error;
#[cfg(feature = "mpi")]
mod mpi;
mod parallel;
mod slice;
mod threads;
mod whole;

use std::ops::Range;

pub(crate) use agreement::{FAILED, all_succeed, broadcast_text, first_failed, gather};
pub use error::CollectiveError;
#[cfg(feature = "mpi")]
pub use mpi::Mpi;
pub use parallel::DataParallel;
pub use slice::{Slice, SliceMut};
pub use threads::Threads;
pub(crate) use whole::{
    Contribution, Whole, agree, agree_on_layout, numbers_to_u64, u64_to_numbers,
};

/// A group of ranks that work together, as one of them sees it.
///
/// Every rank calls the same methods in the same order, with slices of the same lengths and types: each call
/// waits for the others.
///
/// ```
/// use monograd::distributed::{Collective, CollectiveError, Slice, SliceMut, Threads};
///
/// /// Returns the mean of a number over all ranks.
/// fn mean(ranks: &mut impl Collective, x: f64) -> Result<f64, CollectiveError> {
///     let mut sum = [0.0];
///     ranks.all_reduce_sum(Slice::F64(&[x]), SliceMut::F64(&mut sum))?;
///     Ok(sum[0] / ranks.size() as f64)
/// }
///
/// let means = Threads::run(4, |ranks| {
///     let own = ranks.rank() as f64;
///     mean(ranks, own)
/// })?;
/// assert_eq!(means, [1.5; 4]);
/// # Ok::<(), CollectiveError>(())
/// ```
pub trait Collective {
    /// Returns the number of this rank, from 0.
    fn rank(&self) -> usize;

    /// Returns the number of ranks.
    fn size(&self) -> usize;

    /// Computes the elementwise sum of the ranks' `values` into `sums`, on every rank. The sums are the same
    /// bits on all of them.
    ///
    /// # Errors
    /// If a rank has ended or failed, or the engine fails.
    fn all_reduce_sum(
        &mut self,
        values: Slice<'_>,
        sums: SliceMut<'_>,
    ) -> Result<(), CollectiveError>;

    /// Replaces the `values` of every rank by those of rank `root`.
    ///
    /// # Errors
    /// Those of [`all_reduce_sum`](Self::all_reduce_sum).
    fn broadcast(&mut self, values: SliceMut<'_>, root: usize) -> Result<(), CollectiveError>;

    /// Waits until every rank has called this.
    ///
    /// # Errors
    /// Those of [`all_reduce_sum`](Self::all_reduce_sum).
    fn barrier(&mut self) -> Result<(), CollectiveError>;

    /// Is called when this rank's call is about to fail, before it tells the others, so that an engine can tell
    /// the cause from its consequences. By default it does nothing.
    fn note_failure(&mut self) {}

    /// Returns this rank's part of some samples: consecutive ones, which differ by at most one in number from
    /// rank to rank.
    fn part(&self, samples: usize) -> Range<usize> {
        part(samples, self.rank(), self.size())
    }
}

/// Returns the part of some samples of one among some ranks; that of any further rank is empty.
pub(crate) fn part(samples: usize, rank: usize, ranks: usize) -> Range<usize> {
    let start = |rank: usize| (samples as u128 * rank.min(ranks) as u128 / ranks as u128) as usize;
    start(rank)..start(rank + 1)
}

impl<C: Collective + ?Sized> Collective for &mut C {
    fn rank(&self) -> usize {
        (**self).rank()
    }

    fn size(&self) -> usize {
        (**self).size()
    }

    fn all_reduce_sum(
        &mut self,
        values: Slice<'_>,
        sums: SliceMut<'_>,
    ) -> Result<(), CollectiveError> {
        (**self).all_reduce_sum(values, sums)
    }

    fn broadcast(&mut self, values: SliceMut<'_>, root: usize) -> Result<(), CollectiveError> {
        (**self).broadcast(values, root)
    }

    fn barrier(&mut self) -> Result<(), CollectiveError> {
        (**self).barrier()
    }

    fn note_failure(&mut self) {
        (**self).note_failure();
    }
}

#[cfg(test)]
mod tests;
