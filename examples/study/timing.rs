//! Times on a machine that may be busy with other work.

use monograd::Error;
use monograd_examples::Outcome;
use std::time::Instant;

/// Returns the least seconds of a call after the first: other work on the machine only adds to it.
///
/// # Errors
/// Those of `call`.
pub fn least_seconds(
    repeats: usize,
    mut call: impl FnMut() -> Result<(), Error>,
) -> Result<f64, Error> {
    call()?;
    let mut least = f64::INFINITY;
    for _ in 0..repeats {
        let start = Instant::now();
        call()?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    Ok(least)
}

/// Returns what `f` returns, run on one thread.
///
/// # Errors
/// Those of `f`.
pub fn on_one_thread<R: Send>(f: impl FnOnce() -> Outcome<R> + Send) -> Outcome<R> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build()?.install(f)
}
