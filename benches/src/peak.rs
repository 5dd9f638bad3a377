//! The peak performance of a core, and the share of it that a call reaches.

use monograd::{InstructionSet, Scalar, Simd, Vectorize};
use std::hint::black_box;
use std::time::Instant;

/// The result of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// The median of the seconds per call.
    pub median: f64,
    /// The least seconds per call.
    pub best: f64,
    /// The best call's share of the best peak measured in the same period, for a call of `work` operations.
    /// On a shared machine only the best values are those of an undisturbed core.
    pub share: f64,
}

/// Times short batches of calls, alternating with short measurements of the peak.
pub fn time(set: InstructionSet, work: f64, mut call: impl FnMut()) -> Time {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed().as_secs_f64() < 0.02 || calls < 3 {
        call();
        calls += 1;
    }
    let batch = (0.0001 / (start.elapsed().as_secs_f64() / f64::from(calls))).ceil() as usize;
    let iterations = if batch == 1 { 101 } else { 601 };
    let (mut seconds, mut peak) = (Vec::new(), 0.0_f64);
    for _ in 0..iterations {
        peak = peak.max(f32::vectorize(set, Peak));
        let start = Instant::now();
        for _ in 0..batch {
            call();
        }
        seconds.push(start.elapsed().as_secs_f64() / batch as f64);
    }
    seconds.sort_by(f64::total_cmp);
    Time { median: seconds[iterations / 2], best: seconds[0], share: work / seconds[0] / peak }
}

/// Measures the peak: the `f32` operations per second of fused multiply-adds in as many independent
/// registers as hide their latency.
pub struct Peak;

impl Vectorize<f32> for Peak {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) -> f64 {
        const SUMS: usize = 12;
        const ITERATIONS: usize = 4_000;
        let (x, y) = (simd.splat(black_box(0.999_999)), simd.splat(black_box(1e-6)));
        let mut sums = [simd.splat(0.0); SUMS];
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = simd.splat(black_box(i as f32));
        }
        let start = Instant::now();
        for _ in 0..ITERATIONS {
            for sum in &mut sums {
                *sum = simd.mul_add(*sum, x, y);
            }
        }
        for sum in sums {
            black_box(simd.sum(sum));
        }
        (2 * SUMS * ITERATIONS * S::LANES) as f64 / start.elapsed().as_secs_f64()
    }
}
