//! Batches that another thread prepares.

use super::batch::{Batches, batches};
use super::error::{DataError, DataProblem};
use crate::network::Trainable;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

/// Batches that a thread prepares while a step runs: the same in the same order as without it.
///
/// ```
/// use monograd::data::{Dataset, Prefetch};
/// use monograd::prelude::*;
///
/// network! {
///     Scores(x: [4]) -> [3] { x >> Linear(3) }
///     loss cross_entropy
/// }
///
/// let data = Dataset::new(vec![[0.5_f32; 4]; 100], vec![0_u32; 100])?;
/// let batches = Prefetch::new(data.batches(10).shuffle(42), 2); // up to two batches wait
/// let (mut net, mut optimizer) = (Scores::init(1), AdamW::new(0.01));
/// assert_eq!(Trainer::new(&mut net, &mut optimizer).fit(batches)?.steps, 10);
/// # Ok::<(), Error>(())
/// ```
///
/// An error, or a panic while a batch is prepared, is the last item of its epoch. The thread ends with the epoch,
/// also when that is left early.
#[derive(Debug)]
pub struct Prefetch<B> {
    /// `None` while an epoch runs, and if its iterator was forgotten instead of dropped.
    batches: Option<B>,
    ahead: usize,
}

impl<B> Prefetch<B> {
    /// Prepares up to `ahead` batches before they are asked for.
    #[must_use]
    pub const fn new(batches: B, ahead: usize) -> Self {
        Self { batches: Some(batches), ahead }
    }

    /// Returns the batches, which are prepared as they are asked for again.
    #[must_use]
    pub fn into_inner(self) -> Option<B> {
        self.batches
    }

    fn start<N>(&mut self, epoch: u64) -> Result<Prefetched<'_, N, B>, DataError>
    where
        N: Trainable,
        B: Batches<N>,
    {
        let ahead = self.ahead;
        match self.batches.take() {
            Some(batches) => {
                let state = State::Waiting(batches);
                Ok(Prefetched {
                    home: &mut self.batches,
                    state,
                    epoch,
                    ahead,
                    network: PhantomData,
                })
            }
            None => Err(DataError::other("the thread that prepares batches could not be started")),
        }
    }
}

batches! {
    impl<N, B> for Prefetch<B> where {
        N: 'static,
        B: Batches<N> + Send + 'static,
        B::Batch: Send + 'static,
    }
    type Batch = B::Batch;
    fn epoch(&mut prefetch, epoch) { prefetch.start::<N>(epoch) }
    fn batches() { prefetch.batches.as_ref().and_then(B::batches) }
}

/// The batches of one epoch of a [`Prefetch`]. Skipping some before the first costs what it costs without a thread.
///
/// ```
/// use monograd::data::{Batches, Dataset, Prefetch};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let data = Dataset::new(vec![[0.5_f32]; 10], vec![[1.0_f32]; 10])?;
/// let mut batches = Prefetch::new(data.batches(4), 2);
/// let epoch = Batches::<Line>::epoch(&mut batches, 0)?;
/// let sizes: Vec<usize> = epoch.map(|batch| Ok(batch?.0.len())).collect::<Result<_, Error>>()?;
/// assert_eq!(sizes, [4, 4, 2]);
/// # Ok::<(), Error>(())
/// ```
pub struct Prefetched<'p, N: Trainable, B: Batches<N>> {
    /// The place that the batches return to.
    home: &'p mut Option<B>,
    state: State<B, B::Batch>,
    epoch: u64,
    ahead: usize,
    network: PhantomData<fn() -> N>,
}

/// The item of an iterator of batches.
type Item<T> = Result<T, DataError>;

enum State<B, T> {
    /// The thread starts when the first batch is asked for, since some may be skipped before.
    Waiting(B),
    Running(Receiver<Item<T>>, JoinHandle<B>),
    Ended,
}

impl<N: Trainable, B: Batches<N>> Prefetched<'_, N, B> {
    /// Ends the thread and takes the batches back.
    fn end(&mut self) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Waiting(batches) => *self.home = Some(batches),
            State::Running(receiver, thread) => {
                // the thread ends when it cannot send any more
                drop(receiver);
                *self.home = thread.join().ok();
            }
            State::Ended => {}
        }
    }
}

impl<N, B> Iterator for Prefetched<'_, N, B>
where
    N: Trainable + 'static,
    B: Batches<N> + Send + 'static,
    B::Batch: Send + 'static,
{
    type Item = Item<B::Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Self::Item> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Waiting(batches) => {
                let (sender, receiver) = sync_channel(self.ahead);
                let epoch = self.epoch;
                let thread = Builder::new()
                    .name("monograd-data".into())
                    .spawn(move || prepare::<N, B>(batches, epoch, skipped, &sender));
                match thread {
                    Ok(thread) => self.state = State::Running(receiver, thread),
                    Err(error) => return Some(Err(error.into())),
                }
            }
            running @ State::Running(..) => {
                self.state = running;
                for _ in 0..skipped {
                    self.next()?.ok()?;
                }
            }
            State::Ended => return None,
        }
        let State::Running(receiver, _) = &self.state else { return None };
        match receiver.recv() {
            Ok(Ok(batch)) => Some(Ok(batch)),
            Ok(Err(error)) => {
                self.end();
                Some(Err(error))
            }
            Err(_) => {
                self.end();
                None
            }
        }
    }
}

impl<N: Trainable, B: Batches<N>> Drop for Prefetched<'_, N, B> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<N: Trainable, B: Batches<N>> fmt::Debug for Prefetched<'_, N, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefetched").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// Sends the batches of an epoch until there are no more or nobody takes them, and returns their source.
fn prepare<N: Trainable, B: Batches<N>>(
    mut batches: B,
    epoch: u64,
    skipped: usize,
    sender: &SyncSender<Item<B::Batch>>,
) -> B {
    let each = || -> Result<(), DataError> {
        for batch in batches.epoch(epoch)?.skip(skipped) {
            let is_last = batch.is_err();
            if sender.send(batch).is_err() || is_last {
                break;
            }
        }
        Ok(())
    };
    // what a panic left is seen by nobody but the source itself, which begins a new epoch
    let outcome = catch_unwind(AssertUnwindSafe(each));
    let outcome =
        outcome.unwrap_or_else(|panic| Err(DataProblem::Panicked(message(&*panic)).into()));
    if let Err(error) = outcome {
        // nobody may be left to be told
        let _ = sender.send(Err(error));
    }
    batches
}

/// Returns the message of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".into())
}
