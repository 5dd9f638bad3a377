//! Ranks that are processes, on one machine or many, which MPI connects.

use super::{Collective, CollectiveError, Slice, SliceMut};
use mpi::Threading;
use mpi::collective::SystemOperation;
use mpi::datatype::Equivalence;
use mpi::environment::Universe;
use mpi::request;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator as _, CommunicatorCollectives as _, Root as _};
use std::fmt::Display;
use std::thread;

/// The processes that `mpirun` has started (needs feature `mpi`).
///
/// A process that dies, by an error, a panic or a signal, ends all others: MPI stops them. A program without
/// `mpirun` is a group of one rank.
///
/// ```no_run
/// use monograd::distributed::{Collective, DataParallel, Mpi};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// Mpi::run(|world| -> Result<(), Error> {
///     let mut group = DataParallel::new(world);
///     let mut net = Line::init(1);
///     group.broadcast(&mut net)?;
///     let mut optimizer = Sgd::new(0.1);
///     let x = [group.collective().rank() as f32];
///     group.train_step(&mut net, &x, &x, &mut optimizer)?;
///     if group.is_first() {
///         net.save("line.safetensors")?;
///     }
///     Ok(())
/// })?;
/// # Ok::<(), Error>(())
/// ```
pub struct Mpi {
    world: SimpleCommunicator,
    // MPI ends when this is dropped
    _universe: Universe,
}

/// Number of scalars that are summed by one operation of MPI, which counts with 32 bits. All of them are started before
/// the first is waited for.
const BUCKET: usize = 256 << 10;

impl Mpi {
    /// Starts MPI and runs `work`.
    ///
    /// If it returns an error, and there are other ranks, the error is printed and MPI ends all of them, since
    /// they would wait for this one forever; the exit code is 1.
    ///
    /// # Errors
    /// The error of `work`, if this is the only rank, or [`CollectiveError::Engine`] if MPI has been started
    /// before: it can be started once.
    pub fn run<R, E: Display + From<CollectiveError>>(
        work: impl FnOnce(&mut Self) -> Result<R, E>,
    ) -> Result<R, E> {
        // only this thread calls MPI, those that compute do not
        let Some((universe, _)) = mpi::initialize_with_threading(Threading::Funneled) else {
            let message = "MPI has been started before in this process".to_owned();
            return Err(CollectiveError::Engine { message }.into());
        };
        let mut mpi = Self { world: universe.world(), _universe: universe };
        let outcome = work(&mut mpi);
        if let Err(error) = &outcome
            && mpi.size() > 1
        {
            eprintln!("error on rank {}: {error}", mpi.rank());
            mpi.world.abort(1);
        }
        outcome
    }

    /// Returns the error for a rank that there is not.
    fn check(&self, rank: usize) -> Result<i32, CollectiveError> {
        let size = self.size();
        match i32::try_from(rank) {
            Ok(number) if rank < size => Ok(number),
            _ => Err(CollectiveError::NoSuchRank { rank, size }),
        }
    }

    fn sum<T: Equivalence>(&self, values: &[T], sums: &mut [T]) -> Result<(), CollectiveError> {
        if values.len() != sums.len() {
            let (rank, other) = (self.rank(), self.rank());
            let (actual, expected) =
                (format!("{} sums", sums.len()), format!("{} values", values.len()));
            return Err(CollectiveError::Mismatch { rank, actual, other, expected });
        }
        if values.len() <= BUCKET {
            self.world.all_reduce_into(values, sums, SystemOperation::sum());
            return Ok(());
        }
        let buckets = values.chunks(BUCKET).zip(sums.chunks_mut(BUCKET));
        request::multiple_scope(buckets.len(), |scope, requests| {
            for (values, sums) in buckets {
                let operation = SystemOperation::sum();
                let world = &self.world;
                requests.add(world.immediate_all_reduce_into(scope, values, sums, operation));
            }
            requests.wait_all(&mut Vec::new());
        });
        Ok(())
    }

    fn send<T: Equivalence>(&self, values: &mut [T], root: usize) -> Result<(), CollectiveError> {
        let process = self.world.process_at_rank(self.check(root)?);
        values.chunks_mut(BUCKET).for_each(|values| process.broadcast_into(values));
        Ok(())
    }
}

/// A rank that panics ends the others.
impl Drop for Mpi {
    fn drop(&mut self) {
        if thread::panicking() && self.size() > 1 {
            self.world.abort(101);
        }
    }
}

impl Collective for Mpi {
    fn rank(&self) -> usize {
        self.world.rank() as usize
    }

    fn size(&self) -> usize {
        self.world.size() as usize
    }

    fn all_reduce_sum(
        &mut self,
        values: Slice<'_>,
        sums: SliceMut<'_>,
    ) -> Result<(), CollectiveError> {
        match (values, sums) {
            (Slice::F32(values), SliceMut::F32(sums)) => self.sum(values, sums),
            (Slice::F64(values), SliceMut::F64(sums)) => self.sum(values, sums),
            (values, sums) => Err(CollectiveError::Mismatch {
                rank: self.rank(),
                actual: sums.as_slice().described(),
                other: self.rank(),
                expected: values.described(),
            }),
        }
    }

    fn broadcast(&mut self, values: SliceMut<'_>, root: usize) -> Result<(), CollectiveError> {
        match values {
            SliceMut::F32(values) => self.send(values, root),
            SliceMut::F64(values) => self.send(values, root),
        }
    }

    fn barrier(&mut self) -> Result<(), CollectiveError> {
        self.world.barrier();
        Ok(())
    }
}
