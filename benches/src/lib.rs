//! What the benchmarks share: a timer, the machine's peak, and one JSON line a result.

use std::hint::black_box;
use std::time::Instant;

/// Times of one call, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// The median of the batches.
    pub median: f64,
    /// The best batch.
    pub best: f64,
}

/// Warms up, then times batches of calls of about half a millisecond each.
pub fn time(mut call: impl FnMut()) -> Time {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed().as_secs_f64() < 0.02 || calls < 3 {
        call();
        calls += 1;
    }
    let batch = (0.0005 / (start.elapsed().as_secs_f64() / f64::from(calls))).ceil() as usize;
    let batches = if batch == 1 { 21 } else { 201 };
    let mut seconds: Vec<f64> = (0..batches)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                call();
            }
            start.elapsed().as_secs_f64() / batch as f64
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    Time { median: seconds[seconds.len() / 2], best: seconds[0] }
}

/// Prints a result as a JSON line.
pub fn emit(subject: &str, workload: &str, median: f64, best: f64, unit: &str, note: &str) {
    println!(
        "{{\"peer\":\"{subject}\",\"workload\":\"{workload}\",\"threads\":1,\"median\":{median:.4},\
         \"min\":{best:.4},\"unit\":\"{unit}\",\"note\":\"{note}\"}}"
    );
}

/// Fused multiply-adds in as many independent registers as hide their latency: the most that this
/// core can do, in GFLOP/s of `f32`, median and best.
pub struct Peak;

impl monograd::Vectorize<f32> for Peak {
    type Output = (f64, f64);
    #[inline(always)]
    fn run<S: monograd::Simd<f32>>(self, simd: S) -> (f64, f64) {
        const SUMS: usize = 12;
        const TURNS: usize = 20_000;
        let (x, y) = (simd.splat(black_box(0.999_999)), simd.splat(black_box(1e-6)));
        let mut sums = [simd.splat(0.0); SUMS];
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = simd.splat(black_box(i as f32));
        }
        let mut total = 0.0;
        let time = time(|| {
            let mut local = sums;
            for _ in 0..TURNS {
                for sum in &mut local {
                    *sum = simd.mul_add(*sum, x, y);
                }
            }
            for sum in local {
                total += simd.sum(sum);
            }
        });
        black_box(total);
        let work = (2 * SUMS * TURNS * S::LANES) as f64 / 1e9;
        (work / time.median, work / time.best)
    }
}
