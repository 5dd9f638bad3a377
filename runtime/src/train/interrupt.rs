//! Ctrl-C during a training.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The number of trainings that catch signals: several may run in threads.
static TRAININGS: Mutex<u64> = Mutex::new(0);

/// Returns the flag that Ctrl-C and SIGTERM set. While it is set, they end the process as ever, so that a second
/// Ctrl-C does not wait for a checkpoint, and so does the first one when no training runs.
pub(super) fn flag() -> io::Result<Arc<AtomicBool>> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    // one thread at a time: a second registration would be for a flag that nobody clears
    let _one = trainings();
    if let Some(flag) = FLAG.get() {
        return Ok(flag.clone());
    }
    let stop = Arc::new(AtomicBool::new(true));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_default(signal, stop.clone())?;
        flag::register(signal, stop.clone())?;
    }
    Ok(FLAG.get_or_init(|| stop).clone())
}

fn trainings() -> MutexGuard<'static, u64> {
    // a number is whole whatever thread has panicked
    TRAININGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Signals are caught as long as one of these lives: the flag is cleared with the first, and set again after the last.
pub(super) struct Caught(Arc<AtomicBool>);

impl Caught {
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        let mut trainings = trainings();
        if *trainings == 0 {
            flag.store(false, Ordering::SeqCst);
        }
        *trainings += 1;
        Self(flag)
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        let mut trainings = trainings();
        *trainings -= 1;
        if *trainings == 0 {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}
