//! How a call is timed, the same for every side: warm-up, then batches of calls, the median and
//! the best batch. `python/protocol.py` is the same in Python.

use std::hint::black_box;
use std::time::Instant;

/// Seconds that a call is repeated before it is timed.
const WARM_UP: f64 = 0.3;
/// Seconds of a batch, at least: less than the iteration that an operating system gives a thread, so
/// that on a busy machine many batches are not interrupted.
const BATCH: f64 = 0.001;
/// Seconds of all batches.
const TOTAL: f64 = 0.6;
/// Batches, at least.
const REPEATS: usize = 15;

/// Seconds of one call.
#[derive(Clone, Copy, Debug)]
pub struct Seconds {
    /// Of the batch in the middle.
    pub median: f64,
    /// Of the fastest batch.
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
    // estimated from warm calls
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
