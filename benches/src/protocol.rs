//! The timing protocol, the same for every side: warm-up, then batches of calls, of which the median and
//! the best are reported. `python/protocol.py` is the same in Python.

use std::hint::black_box;
use std::time::Instant;

/// Number of seconds that a call is repeated before it is timed.
const WARM_UP: f64 = 0.3;
/// Minimum number of seconds of a batch: less than the time slice that an operating system gives a thread,
/// so that on a busy machine many batches are not interrupted.
const BATCH: f64 = 0.001;
/// Minimum number of seconds of all batches together.
const TOTAL: f64 = 0.6;
/// Minimum number of batches.
const REPEATS: usize = 15;

/// The seconds per call.
#[derive(Clone, Copy, Debug)]
pub struct Seconds {
    /// The median over the batches.
    pub median: f64,
    /// The value of the fastest batch.
    pub min: f64,
}

/// Times a call.
pub fn measure<R>(mut call: impl FnMut() -> R) -> Seconds {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed().as_secs_f64() < WARM_UP || calls < 3 {
        black_box(call());
        calls += 1;
    }
    // the number of calls per batch is estimated from warm calls
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed().as_secs_f64() < 10.0 * BATCH {
        black_box(call());
        calls += 1;
    }
    let estimate = start.elapsed().as_secs_f64() / f64::from(calls);
    let calls = (BATCH / estimate).ceil().max(1.0) as u32;
    let mut seconds = Vec::with_capacity((2.0 * TOTAL / BATCH) as usize);
    let begin = Instant::now();
    while seconds.len() < REPEATS || begin.elapsed().as_secs_f64() < TOTAL {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        seconds.push(start.elapsed().as_secs_f64() / f64::from(calls));
    }
    seconds.sort_by(f64::total_cmp);
    Seconds { median: seconds[seconds.len() / 2], min: seconds[0] }
}
