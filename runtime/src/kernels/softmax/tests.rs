use super::*;
use crate::simd::every_set::on_every_set;

const SIZES: [usize; 9] = [0, 1, 2, 7, 10, 17, 33, 100, 1025];
const INF: f32 = f32::INFINITY;

/// Returns numbers of both signs in no particular order.
fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

fn close(actual: &[f64], expected: impl IntoIterator<Item = f64>) {
    for (i, (&actual, expected)) in actual.iter().zip(expected).enumerate() {
        assert!((actual - expected).abs() < 1e-12, "{i}: {actual}, not {expected}");
    }
}

/// Computes the definition row by row.
fn reference(n: usize, x: &[f64]) -> Vec<f64> {
    let rows = x.chunks(n.max(1)).flat_map(|row| {
        let sum: f64 = row.iter().map(|x| x.exp()).sum();
        row.iter().map(move |x| x.exp() / sum)
    });
    rows.collect()
}

on_every_set! {
    #[test]
    fn values_and_gradients_follow_the_definition(simd: f64) {
        for n in SIZES {
            for rows in [0, 1, 3, 7, 17, 33] {
                let (x, dy) = (numbers(rows * n, 1), numbers(rows * n, 2));
                let expected = reference(n, &x);
                let mut y = vec![f64::NAN; rows * n];
                softmax(simd, rows, n, &x[..], &mut y[..]);
                close(&y, expected.iter().copied());
                let mut in_place = x.clone();
                softmax_in_place(simd, rows, n, &mut in_place);
                assert_eq!(in_place, y);
                let mut log_y = vec![f64::NAN; rows * n];
                log_softmax(simd, rows, n, &x[..], &mut log_y[..]);
                close(&log_y, expected.iter().map(|y| y.ln()));

                // dx_i = sum over j of (y_i (i = j) - y_i y_j) dy_j, and for the logarithm
                // dx_i = sum over j of ((i = j) - y_i) dy_j
                let sums = |weights: &dyn Fn(usize) -> f64| -> Vec<f64> {
                    (0..rows).map(|r| (r * n..(r + 1) * n).map(|i| weights(i) * dy[i]).sum()).collect()
                };
                let mut dx = vec![f64::NAN; rows * n];
                softmax_gradient(simd, rows, n, &y[..], &dy[..], &mut dx[..], Store::Set);
                let means = sums(&|i| y[i]);
                close(&dx, (0..rows * n).map(|i| y[i] * (dy[i] - means[i / n])));
                softmax_gradient(simd, rows, n, &y[..], &dy[..], &mut dx[..], Store::Add);
                close(&dx, (0..rows * n).map(|i| 2.0 * y[i] * (dy[i] - means[i / n])));

                let mut dx = vec![f64::NAN; rows * n];
                log_softmax_gradient(simd, rows, n, &log_y[..], &dy[..], &mut dx[..], Store::Set);
                let totals = sums(&|_| 1.0);
                close(&dx, (0..rows * n).map(|i| dy[i] - y[i] * totals[i / n]));
                log_softmax_gradient(simd, rows, n, &log_y[..], &dy[..], &mut dx[..], Store::Add);
                close(&dx, (0..rows * n).map(|i| 2.0 * (dy[i] - y[i] * totals[i / n])));
            }
        }
    }
}

/// Returns softmax and log-softmax of one row.
fn both<S: Simd<f32>>(simd: S, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut y, mut log_y) = (vec![7.0; x.len()], vec![7.0; x.len()]);
    softmax(simd, 1, x.len(), x, &mut y[..]);
    log_softmax(simd, 1, x.len(), x, &mut log_y[..]);
    (y, log_y)
}

on_every_set! {
    #[test]
    fn large_logits_stay_finite(simd: f32) {
        let (y, log_y) = both(simd, &[1e4, -1e4, 1e4, 0.0]);
        assert_eq!(y, [0.5, 0.0, 0.5, 0.0]);
        let ln_2 = std::f32::consts::LN_2;
        assert_eq!(log_y, [-ln_2, -2e4 - ln_2, -ln_2, -1e4 - ln_2]);
        let (y, _) = both(simd, &[f32::MIN, f32::MAX, -1e4]);
        assert_eq!(y, [0.0, 1.0, 0.0]);
    }
}

on_every_set! {
    #[test]
    fn masked_entries_get_nothing(simd: f32) {
        for n in [2, 7, 17, 33, 65] {
            let mut x = vec![-INF; n];
            x[n / 2] = -3.0;
            let (y, log_y) = both(simd, &x);
            for i in 0..n {
                let only = i == n / 2;
                assert_eq!((y[i], log_y[i]), if only { (1.0, 0.0) } else { (0.0, -INF) });
            }
            // a fully masked row
            let (y, log_y) = both(simd, &vec![-INF; n]);
            assert!(y.iter().all(|&y| y == 0.0) && log_y.iter().all(|&y| y == -INF));
        }
    }
}

on_every_set! {
    #[test]
    fn infinity_and_nan_make_their_row_nan_and_no_other(simd: f32) {
        for bad in [INF, f32::NAN] {
            for at in 0..33 {
                let mut x = vec![0.25; 99];
                x[33 + at] = bad;
                let mut y = vec![0.0; 99];
                softmax(simd, 3, 33, &x[..], &mut y[..]);
                assert!(y[33..66].iter().all(|y| y.is_nan()), "{bad} at {at}");
                assert!(y[..33].iter().chain(&y[66..]).all(|&y| (y - 1.0 / 33.0).abs() < 1e-7));
                log_softmax(simd, 3, 33, &x[..], &mut y[..]);
                assert!(y[33..66].iter().all(|y| y.is_nan()), "{bad} at {at}");
                assert!(y[..33].iter().chain(&y[66..]).all(|y| y.is_finite()));
            }
        }
        let (y, _) = both(simd, &[f32::NAN; 5]);
        assert!(y.iter().all(|y| y.is_nan()));
    }
}
