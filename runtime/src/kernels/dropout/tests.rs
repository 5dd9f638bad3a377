use super::*;
use crate::simd::every_set::on_every_set;

/// Returns the beginning of a mask, with 1 for kept and 0 for dropped elements.
fn mask(key: (u64, u64), first: u64, n: usize, p: f64) -> Vec<f64> {
    (first..first + n as u64).map(|i| f64::from(u8::from(keep(key, i, p)))).collect()
}

/// Returns the correlation of two masks; for independent ones it is within 5 / sqrt(n) of 0.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (ma, mb) = (mean(a), mean(b));
    let covariance = a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>() / n;
    covariance / (ma * (1.0 - ma) * mb * (1.0 - mb)).sqrt()
}

const N: usize = 1 << 18;

#[test]
fn as_many_are_dropped_as_asked() {
    for (seed, p) in [0.0, 0.001, 0.1, 0.3, 0.5, 0.9, 0.999, 1.0].into_iter().enumerate() {
        let kept: f64 = mask((seed as u64, 3), 0, N, p).iter().sum();
        let deviation = (p * (1.0 - p) * N as f64).sqrt();
        assert!((kept - (1.0 - p) * N as f64).abs() <= 4.5 * deviation, "p {p}: {kept} of {N}");
    }
}

#[test]
fn elements_streams_and_seeds_are_independent() {
    let bound = 5.0 / (N as f64).sqrt();
    let base = mask((1, 1), 0, N, 0.5);
    for lag in [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 64, 100, 128, 784, 1024, 4096, 1 << 16] {
        let c = correlation(&base, &mask((1, 1), lag, N, 0.5));
        assert!(c.abs() < bound, "elements {lag} apart: {c}");
    }
    for bit in 0..64 {
        for key in [(1 ^ 1 << bit, 1), (1, 1 ^ 1 << bit)] {
            let c = correlation(&base, &mask(key, 0, N, 0.5));
            assert!(c.abs() < bound, "key {key:?}: {c}");
        }
    }
    let above = mask((1, 1), 1 << 32, N, 0.5);
    assert!(correlation(&base, &above).abs() < bound, "upper half of the index");
    let swapped = correlation(&mask((5, 9), 0, N, 0.5), &mask((9, 5), 0, N, 0.5));
    assert!(swapped.abs() < bound, "seed and stream exchanged");
}

#[test]
fn runs_of_eight_are_uniform() {
    // the chi-square statistic of all 256 patterns: 255 degrees of freedom, so about 255 +- 22.6
    let mask = mask((8, 2), 12_345, N, 0.5);
    let mut counts = [0.0; 256];
    for run in mask.chunks_exact(8) {
        counts[run.iter().fold(0, |bits, &kept| bits * 2 + kept as usize)] += 1.0;
    }
    let expected = (N / 8) as f64 / 256.0;
    let chi: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
    assert!((150.0..370.0).contains(&chi), "{chi}");
}

on_every_set! {
    #[test]
    fn forward_and_backward_share_the_mask_wherever_they_are_cut(simd: f32) {
        for (n, p) in [(0, 0.5), (1, 0.5), (7, 0.2), (17, 0.0), (33, 0.75), (1000, 1.0)] {
            let x: Vec<f32> = (0..n).map(|i| i as f32 + 1.0).collect();
            let first = (1 << 32) - 5; // across the border of the index's halves
            let key = (42, 7);
            let mut y = vec![f32::NAN; n];
            dropout(simd, key, first, p, &x, &mut y);
            let scale = (1.0 / (1.0 - p)) as f32;
            for (i, (&x, &y)) in x.iter().zip(&y).enumerate() {
                let kept = keep(key, first + i as u64, p);
                assert_eq!(y, if kept { x * scale } else { 0.0 }, "{i} of {n}");
            }
            let cut = n / 3;
            let mut dx = x.clone();
            dropout_in_place(simd, key, first, p, &mut dx[..cut]);
            dropout_in_place(simd, key, first + cut as u64, p, &mut dx[cut..]);
            assert_eq!(dx, y);
        }
    }
}

on_every_set! {
    #[test]
    fn what_is_dropped_is_zero_even_if_it_was_infinite(simd: f64) {
        let mut y = [1.0; 64];
        dropout(simd, (1, 2), 0, 0.5, &[f64::INFINITY; 64], &mut y);
        assert!(y.iter().all(|&y| y == 0.0 || y == f64::INFINITY));
        dropout(simd, (1, 2), 0, 1.0, &[f64::INFINITY; 64], &mut y);
        assert_eq!(y, [0.0; 64]);
    }
}

#[test]
fn the_mask_is_the_same_everywhere_and_always() {
    // the result of an independent implementation in Python
    let bits = (0..32).fold(0_u32, |bits, i| bits << 1 | u32::from(keep((1, 2), i, 0.5)));
    assert_eq!(bits, 0xf032_4fdf);
}
