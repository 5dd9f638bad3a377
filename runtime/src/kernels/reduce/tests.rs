use super::*;
use crate::simd::Plain;

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

#[test]
fn rows_follow_the_definitions() {
    for (rows, n) in SIZES.into_iter().flat_map(|rows| SIZES.map(|n| (rows, n))) {
        let (x, b) = (numbers(rows * n, 1), numbers(rows * n, 2));
        let row = |r: usize| x[r * n..(r + 1) * n].iter().copied();
        let each = |f: &dyn Fn(usize) -> f64| (0..rows).map(f).collect::<Vec<_>>();
        let mut y = vec![f64::NAN; rows];
        sum_rows(Plain, rows, n, &x, &mut y);
        close("sum", &y, each(&|r| row(r).sum()));
        mean_rows(Plain, rows, n, &x, &mut y);
        close("mean", &y, each(&|r| row(r).sum::<f64>() / n as f64));
        dot_rows(Plain, rows, n, &x, &b, &mut y);
        close("dot", &y, each(&|r| row(r).zip(&b[r * n..]).map(|(x, b)| x * b).sum()));
        max_rows(Plain, rows, n, &x, &mut y);
        close("max", &y, each(&|r| row(r).fold(f64::MIN, f64::max)));
        logsumexp_rows(Plain, rows, n, &x, &mut y);
        close("logsumexp", &y, each(&|r| row(r).map(f64::exp).sum::<f64>().ln()));
        close("sum of all", &[sum_all(Plain, &x)], [x.iter().sum()]);
    }
}

#[test]
fn gradients_follow_the_definitions() {
    for (rows, n) in SIZES.into_iter().flat_map(|rows| SIZES.map(|n| (rows, n))) {
        let (x, dy) = (numbers(rows * n, 1), numbers(rows, 2));
        let before = numbers(rows * n, 3);
        let check = |what: &str, run: &dyn Fn(&mut [f64], Store), expected: &[f64]| {
            let mut dx = before.clone();
            run(&mut dx, Store::Set);
            close(what, &dx, expected.iter().copied());
            dx.copy_from_slice(&before);
            run(&mut dx, Store::Add);
            close(what, &dx, expected.iter().zip(&before).map(|(a, b)| a + b));
        };
        let spread: Vec<f64> = (0..rows * n).map(|i| 0.5 * dy[i / n]).collect();
        check("spread", &|dx, s| spread_rows(Plain, rows, n, 0.5, &dy, dx, s), &spread);

        let mut first = vec![0; rows];
        argmax_rows(Plain, rows, n, &x, &mut first);
        let max: Vec<f64> = (0..rows * n)
            .map(|i| if first[i / n] as usize == i % n { dy[i / n] } else { 0.0 })
            .collect();
        check("max", &|dx, s| max_rows_gradient(Plain, rows, n, &x, &dy, dx, s), &max);

        let mut y = vec![0.0; rows];
        logsumexp_rows(Plain, rows, n, &x, &mut y);
        let weights: Vec<f64> =
            (0..rows * n).map(|i| dy[i / n] * (x[i] - y[i / n]).exp()).collect();
        check(
            "logsumexp",
            &|dx, s| logsumexp_rows_gradient(Plain, rows, n, &x, &dy, dx, s),
            &weights,
        );
    }
}

#[test]
fn columns_follow_the_definition() {
    for rows in [0, 1, 2, 3, 4, 5, 7, 8, 33] {
        for n in SIZES {
            let x = numbers(rows * n, 1);
            let expected = |j: usize| (0..rows).map(|r| x[r * n + j]).sum::<f64>();
            let mut y = vec![3.0; n];
            sum_columns(Plain, rows, n, &x, &mut y, Store::Add);
            close("added", &y, (0..n).map(|j| 3.0 + expected(j)));
            sum_columns(Plain, rows, n, &x, &mut y, Store::Set);
            close("set", &y, (0..n).map(expected));
        }
    }
}

#[test]
fn argmax_is_the_first_and_finds_nan() {
    assert_eq!(argmax(Plain, &[1.0_f32, 5.0, 5.0, 2.0]), 1);
    assert_eq!(argmax(Plain, &[f32::NEG_INFINITY; 40]), 0);
    for n in [1, 9, 40] {
        for at in 0..n {
            let mut x = vec![f64::INFINITY; n];
            x[at..].fill(f64::NAN);
            assert_eq!(argmax(Plain, &x), at);
            let mut y = [0.0];
            max_rows(Plain, 1, n, &x, &mut y);
            assert!(y[0].is_nan());
        }
    }
}

#[test]
fn logsumexp_at_the_limits() {
    let inf = f32::INFINITY;
    let x = [1e4, 1e4, -inf, -inf, inf, -inf, inf, 3.0, f32::NAN, inf, -1e4, -inf];
    let mut y = [0.0; 6];
    logsumexp_rows(Plain, 6, 2, &x, &mut y);
    assert_eq!(y[..4], [1e4 + std::f32::consts::LN_2, -inf, inf, inf]);
    assert!(y[4].is_nan());
    assert_eq!(y[5], -1e4);
    let mut dx = [7.0; 2];
    logsumexp_rows_gradient(Plain, 1, 2, &x[2..4], &[1.0], &mut dx, Store::Set);
    assert_eq!(dx, [0.0, 0.0]);
}
