//! Ranks that are threads of one process.

use super::{Collective, CollectiveError, Slice, SliceMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// One of several threads of this process that are ranks, for tests, and for trying out what is to run on
/// several machines. (A step on one machine already uses all cores, with feature `parallel`.)
///
/// ```
/// use monograd::distributed::{Collective, CollectiveError, SliceMut, Threads};
///
/// let values = Threads::run(3, |ranks| -> Result<[f32; 2], CollectiveError> {
///     let mut values = [ranks.rank() as f32; 2];
///     ranks.broadcast(SliceMut::F32(&mut values), 1)?; // those of rank 1 to all
///     Ok(values)
/// })?;
/// assert_eq!(values, [[1.0; 2]; 3]);
/// # Ok::<(), CollectiveError>(())
/// ```
pub struct Threads<'a> {
    rank: usize,
    shared: &'a Shared,
}

/// The state that the threads share.
struct Shared {
    size: usize,
    meeting: Mutex<Meeting>,
    changed: Condvar,
}

/// A call in which all ranks take part: they arrive, each with its values, then read those of all, and leave.
struct Meeting {
    /// The contributions of the ranks that have arrived.
    brought: Vec<Option<Values>>,
    arrived: usize,
    /// Number of ranks that have not left since all have arrived.
    inside: usize,
    /// The ranks that have ended, and whether they failed.
    ended: Vec<(usize, bool)>,
    /// The rank that failed first, though it may not have ended yet.
    first_failed: Option<usize>,
}

/// A copy of the values of a rank.
#[derive(Clone, Debug)]
enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
    Nothing,
}

impl Threads<'_> {
    /// Runs `work` on `ranks` threads and returns their results by rank.
    ///
    /// # Errors
    /// The error of the rank that failed first. The others get [`CollectiveError`]s from then on.
    ///
    /// # Panics
    /// If `work` panics, or `ranks` is 0.
    pub fn run<R: Send, E: Send>(
        ranks: usize,
        work: impl Fn(&mut Threads<'_>) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, E> {
        assert!(ranks > 0, "a group has at least one rank");
        let shared = &Shared {
            size: ranks,
            meeting: Mutex::new(Meeting {
                brought: vec![None; ranks],
                arrived: 0,
                inside: 0,
                ended: Vec::new(),
                first_failed: None,
            }),
            changed: Condvar::new(),
        };
        let work = &work;
        let run = |rank| {
            let mut end = End { rank, shared, failed: true };
            let outcome = work(&mut Threads { rank, shared });
            end.failed = outcome.is_err();
            outcome
        };
        let outcomes = thread::scope(|scope| {
            let threads: Vec<_> = (0..ranks).map(|rank| scope.spawn(move || run(rank))).collect();
            let outcomes = threads.into_iter().map(|thread| match thread.join() {
                Ok(outcome) => outcome,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            outcomes.collect::<Vec<_>>()
        });
        let first = shared.lock().first_failed;
        let mut results = Vec::with_capacity(ranks);
        let mut errors = Vec::new();
        for (rank, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(result) => results.push(result),
                Err(error) if Some(rank) == first => return Err(error),
                Err(error) => errors.push(error),
            }
        }
        match errors.pop() {
            Some(error) => Err(error),
            None => Ok(results),
        }
    }

    /// Meets the other ranks: brings `values`, calls `read` with those of all, and leaves.
    fn meet(
        &self,
        values: Values,
        read: impl FnOnce(&[Option<Values>]) -> Result<(), CollectiveError>,
    ) -> Result<(), CollectiveError> {
        let Self { rank, shared } = *self;
        // those of the last meeting leave before the next one begins
        let mut meeting = shared.wait(rank, |meeting| meeting.inside == 0)?;
        meeting.brought[rank] = Some(values);
        meeting.arrived += 1;
        if meeting.arrived == shared.size {
            (meeting.arrived, meeting.inside) = (0, shared.size);
            shared.changed.notify_all();
        } else {
            drop(meeting);
            meeting = shared.wait(rank, |meeting| meeting.inside > 0)?;
        }
        let outcome = read(&meeting.brought);
        meeting.inside -= 1;
        if meeting.inside == 0 {
            meeting.brought.fill(None);
            shared.changed.notify_all();
        }
        outcome
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Meeting> {
        // a rank that panics is noticed by its end
        self.meeting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a condition that the other ranks bring about, unless one of them has ended.
    fn wait(
        &self,
        own: usize,
        holds: impl Fn(&Meeting) -> bool,
    ) -> Result<MutexGuard<'_, Meeting>, CollectiveError> {
        let mut meeting = self.lock();
        while !holds(&meeting) {
            if let Some(&(rank, failed)) = meeting.ended.iter().find(|(rank, _)| *rank != own) {
                return Err(match failed {
                    true => CollectiveError::Failed { rank },
                    false => CollectiveError::Ended { rank },
                });
            }
            meeting = self.changed.wait(meeting).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(meeting)
    }
}

/// Tells the other ranks that one has ended, also if it panicked.
struct End<'a> {
    rank: usize,
    shared: &'a Shared,
    failed: bool,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut meeting = self.shared.lock();
        meeting.ended.push((self.rank, self.failed));
        if self.failed {
            meeting.first_failed.get_or_insert(self.rank);
        }
        drop(meeting);
        self.shared.changed.notify_all();
    }
}

impl Values {
    fn described(&self) -> String {
        match self {
            Self::F32(values) => Slice::F32(values).described(),
            Self::F64(values) => Slice::F64(values).described(),
            Self::Nothing => "a barrier".to_owned(),
        }
    }
}

impl From<Slice<'_>> for Values {
    fn from(values: Slice<'_>) -> Self {
        match values {
            Slice::F32(values) => Self::F32(values.to_vec()),
            Slice::F64(values) => Self::F64(values.to_vec()),
        }
    }
}

/// Returns the error for ranks that bring different things, if they do.
fn check_same(brought: &[Option<Values>]) -> Result<(), CollectiveError> {
    let text = |rank: usize| brought[rank].as_ref().map_or_else(String::new, Values::described);
    let expected = text(0);
    match (1..brought.len()).find(|rank| text(*rank) != expected) {
        None => Ok(()),
        Some(rank) => {
            Err(CollectiveError::Mismatch { rank, actual: text(rank), other: 0, expected })
        }
    }
}

/// Adds up one type of values, in the order of the ranks, so that every run gives the same bits.
macro_rules! sum {
    ($brought:ident, $kind:ident, $sums:ident) => {{
        $sums.fill(0.0);
        for values in $brought.iter().flatten() {
            if let Values::$kind(values) = values {
                $sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += *value);
            }
        }
    }};
}

impl Collective for Threads<'_> {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.shared.size
    }

    fn all_reduce_sum(
        &mut self,
        values: Slice<'_>,
        sums: SliceMut<'_>,
    ) -> Result<(), CollectiveError> {
        if values.described() != sums.as_slice().described() {
            let (actual, expected) = (sums.as_slice().described(), values.described());
            let (rank, other) = (self.rank, self.rank);
            return Err(CollectiveError::Mismatch { rank, actual, other, expected });
        }
        self.meet(values.into(), |brought| {
            check_same(brought)?;
            match sums {
                SliceMut::F32(sums) => sum!(brought, F32, sums),
                SliceMut::F64(sums) => sum!(brought, F64, sums),
            }
            Ok(())
        })
    }

    fn broadcast(&mut self, values: SliceMut<'_>, root: usize) -> Result<(), CollectiveError> {
        if root >= self.size() {
            return Err(CollectiveError::NoSuchRank { rank: root, size: self.size() });
        }
        self.meet(values.as_slice().into(), |brought| {
            check_same(brought)?;
            match (values, &brought[root]) {
                (SliceMut::F32(values), Some(Values::F32(of_root))) => {
                    values.copy_from_slice(of_root);
                }
                (SliceMut::F64(values), Some(Values::F64(of_root))) => {
                    values.copy_from_slice(of_root);
                }
                _ => {}
            }
            Ok(())
        })
    }

    fn barrier(&mut self) -> Result<(), CollectiveError> {
        self.meet(Values::Nothing, check_same)
    }

    fn note_failure(&mut self) {
        self.shared.lock().first_failed.get_or_insert(self.rank);
    }
}
