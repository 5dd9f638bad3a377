//! Compares streams with whole passes.
#![allow(dead_code, unused_imports, unused_variables)]

use std::sync::atomic::{AtomicUsize, Ordering};

/// The outputs of a step or of a whole pass; `None` if it returned an error.
type Outputs = Option<Vec<Vec<f64>>>;

static COMPARED: AtomicUsize = AtomicUsize::new(0);
static WRONG: AtomicUsize = AtomicUsize::new(0);

/// Returns numbers between -1 and 1.
pub fn numbers(seed: u64, len: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// Compares every step with all whole passes over at least as many steps.
pub fn compare(module: &str, steps: &[Outputs], wholes: &[Outputs]) {
    let name = module.rsplit("::").next().unwrap_or(module);
    for (t, step) in steps.iter().enumerate() {
        for (len, whole) in wholes.iter().enumerate().skip(t) {
            let (Some(step), Some(whole)) = (step, whole) else {
                if whole.is_some() {
                    WRONG.fetch_add(1, Ordering::Relaxed);
                    println!("{name} gives no step {t}, but a whole pass over {}", len + 1);
                }
                continue;
            };
            for (output, (step, whole)) in step.iter().zip(whole).enumerate() {
                // an output without a time axis depends on all steps: it is compared only at the last one
                let place = match whole.len() == len + 1 {
                    true if len > 0 || t == 0 => t,
                    _ if len == t => 0,
                    _ => continue,
                };
                COMPARED.fetch_add(1, Ordering::Relaxed);
                if !same(step[0], whole[place]) {
                    WRONG.fetch_add(1, Ordering::Relaxed);
                    println!(
                        "{name} output {output} at step {t} gives {}, the whole of {} gives {}",
                        step[0],
                        len + 1,
                        whole[place]
                    );
                }
            }
        }
    }
}

/// Exits with an error if any comparison failed.
pub fn finish() {
    let (compared, wrong) = (COMPARED.load(Ordering::Relaxed), WRONG.load(Ordering::Relaxed));
    println!("{compared} numbers compared, {wrong} of them wrong");
    assert!(wrong == 0 && compared > 0);
}
