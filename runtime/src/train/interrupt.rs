//! Ctrl-C during a training.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Returns the flag that Ctrl-C and SIGTERM set. While it is set, they end the process as ever, so that a second
/// Ctrl-C does not wait for a checkpoint, and so does the first one when no training runs.
pub(super) fn flag() -> io::Result<Arc<AtomicBool>> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
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

/// Clears the flag as long as it lives: signals are caught.
pub(super) struct Caught(Arc<AtomicBool>);

impl Caught {
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        flag.store(false, Ordering::SeqCst);
        Self(flag)
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
