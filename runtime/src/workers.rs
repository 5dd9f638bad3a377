//! Decides how many threads share a batch.

/// Number of operations below which a second thread costs more than it saves (waking it takes a few
/// microseconds).
const OPERATIONS_A_THREAD: usize = 4 << 20;

/// Returns the number of threads for `operations` operations on `samples` samples.
pub(crate) fn count(operations: usize, samples: usize) -> usize {
    #[cfg(feature = "parallel")]
    let threads = rayon::current_num_threads();
    #[cfg(not(feature = "parallel"))]
    let threads = 1;
    threads.min(operations / OPERATIONS_A_THREAD).min(samples).max(1)
}

/// Number of scalars of a pass over memory below which a second thread costs more than it saves.
const SCALARS_A_THREAD: usize = 64 << 10;

/// Returns the number of threads for a pass over `scalars` scalars.
pub(crate) fn of_scalars(scalars: usize) -> usize {
    count((scalars / SCALARS_A_THREAD).saturating_mul(OPERATIONS_A_THREAD), scalars)
}

/// Runs two functions, in parallel if there are threads for it.
#[inline]
pub(crate) fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    let (mut a, mut b) = (Some(a), Some(b));
    // each is called once; they are trait objects, so that rayon's part is compiled with the library
    both(&mut || a.take().map_or((), |a| a()), &mut || b.take().map_or((), |b| b()));
}

#[inline(never)]
fn both(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    #[cfg(feature = "parallel")]
    rayon::join(a, b);
    #[cfg(not(feature = "parallel"))]
    {
        a();
        b();
    }
}

/// Returns the number of samples for the first half of the workers, if `workers` share `samples`.
pub(crate) fn first_share(samples: usize, workers: usize) -> usize {
    samples * (workers / 2) / workers
}
