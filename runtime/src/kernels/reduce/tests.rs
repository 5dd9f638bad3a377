use super::*;
use crate::simd::every_set::on_every_set;

fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

fn close(what: &str, actual: &[f64], expected: impl IntoIterator<Item = f64>) {
    for (i, (&actual, expected)) in actual.iter().zip(expected).enumerate() {
        let near = (actual - expected).abs() <= 1e-12 * expected.abs().max(1.0);
        assert!(near, "{what}[{i}] is {actual}, not {expected}");
    }
}

const SIZES: [usize; 7] = [1, 2, 7, 8, 17, 33, 130];

on_every_set! {
    #[test]
    fn rows_follow_the_definitions(simd: f64) {
        for (rows, n) in SIZES.into_iter().flat_map(|rows| SIZES.map(|n| (rows, n))) {
            let (x, dy) = (numbers(rows * n, 1), numbers(rows, 2));
            let row = |r: usize| x[r * n..(r + 1) * n].iter().copied();
            let each = |f: &dyn Fn(usize) -> f64| (0..rows).map(f).collect::<Vec<_>>();
            close("sum of all", &[sum_all(simd, &x)], [x.iter().sum()]);
            let mut y = vec![f64::NAN; rows];
            logsumexp_rows(simd, rows, n, &x[..], &mut y[..]);
            close("logsumexp", &y, each(&|r| row(r).map(f64::exp).sum::<f64>().ln()));
            let before = numbers(rows * n, 3);
            for store in [Store::Set, Store::Add] {
                let mut dx = before.clone();
                logsumexp_rows_gradient(simd, rows, n, &x[..], &dy[..], &mut dx[..], store);
                let old = |i: usize| if store == Store::Add { before[i] } else { 0.0 };
                let slope = |i: usize| dy[i / n] * (x[i] - y[i / n]).exp();
                close("logsumexp's gradient", &dx, (0..rows * n).map(|i| old(i) + slope(i)));
            }
        }
    }
}

on_every_set! {
    #[test]
    fn axes_follow_the_definition(simd: f64) {
        for (outer, summed, inner) in [(1, 1, 1), (3, 7, 1), (2, 5, 17), (7, 1, 33), (3, 33, 8)] {
            let x = numbers(outer * summed * inner, 1);
            let expected = |at: usize| {
                let (o, i) = (at / inner, at % inner);
                (0..summed).map(|s| x[(o * summed + s) * inner + i]).sum::<f64>()
            };
            let mut y = vec![3.0; outer * inner];
            sum_axis(simd, Sizes { outer, len: summed, inner }, &x[..], &mut y[..], Store::Add);
            close("added", &y, (0..outer * inner).map(|at| 3.0 + expected(at)));
            sum_axis(simd, Sizes { outer, len: summed, inner }, &x[..], &mut y[..], Store::Set);
            close("set", &y, (0..outer * inner).map(expected));
        }
    }
}

on_every_set! {
    #[test]
    fn batch_means_follow_the_definition(simd: f64) {
        for (samples, n) in SIZES.into_iter().flat_map(|rows| SIZES.map(|n| (rows, n))) {
            let x = numbers(samples * n, 1);
            let mut y = vec![f64::NAN; n];
            batch_mean(simd, samples, n, 1.0 / samples as f64, &x, &mut y);
            let mean = |i: usize| x.iter().skip(i).step_by(n).sum::<f64>() / samples as f64;
            close("mean", &y, (0..n).map(mean));
        }
    }
}

on_every_set! {
    #[test]
    fn columns_follow_the_definition(simd: f64) {
        for rows in [0, 1, 2, 3, 4, 5, 7, 8, 33, 257, 700] {
            for n in SIZES {
                let x = numbers(rows * n, 1);
                let expected = |j: usize| (0..rows).map(|r| x[r * n + j]).sum::<f64>();
                let mut y = vec![3.0; n];
                sum_columns(simd, rows, n, &x[..], &mut y, Store::Add);
                close("added", &y, (0..n).map(|j| 3.0 + expected(j)));
                sum_columns(simd, rows, n, &x[..], &mut y, Store::Set);
                close("set", &y, (0..n).map(expected));
            }
        }
    }
}

on_every_set! {
    #[test]
    fn argmax_is_the_first_and_finds_nan(simd: f64) {
        assert_eq!(argmax(simd, &[1.0, 5.0, 5.0, 2.0]), 1);
        assert_eq!(argmax(simd, &[f64::NEG_INFINITY; 40]), 0);
        for n in [1, 9, 40] {
            for at in 0..n {
                let mut x = vec![f64::INFINITY; n];
                x[at..].fill(f64::NAN);
                assert_eq!(argmax(simd, &x), at);
            }
        }
    }
}

on_every_set! {
    #[test]
    fn logsumexp_at_the_limits(simd: f32) {
        let inf = f32::INFINITY;
        let x = [1e4, 1e4, -inf, -inf, inf, -inf, inf, 3.0, f32::NAN, inf, -1e4, -inf];
        let mut y = [0.0; 6];
        logsumexp_rows(simd, 6, 2, &x[..], &mut y[..]);
        assert_eq!(y[..4], [1e4 + std::f32::consts::LN_2, -inf, inf, inf]);
        assert!(y[4].is_nan());
        assert_eq!(y[5], -1e4);
        let mut dx = [7.0; 2];
        logsumexp_rows_gradient(simd, 1, 2, &x[2..4], &[1.0][..], &mut dx[..], Store::Set);
        assert_eq!(dx, [0.0, 0.0]);
    }
}
