//! Compares each operation with its definition, column by column, over odd sizes.

use super::Sizes;
use super::cumsum::cumsum;
use super::logsumexp::{logsumexp, logsumexp_gradient};
use super::min_max::{MinMax, min_max, min_max_gradient, position};
use super::softmax::{log_softmax, log_softmax_gradient, softmax, softmax_gradient};
use crate::kernels::Store;
use crate::simd::Plain;

fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

#[track_caller]
fn close(what: &str, actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let near = (actual - expected).abs() <= 1e-12 * expected.abs().max(1.0);
        assert!(near, "{what}[{i}] is {actual}, not {expected}");
    }
}

const SHAPES: [[usize; 3]; 9] = [
    [1, 1, 1],
    [3, 7, 1],
    [2, 33, 1],
    [1, 17, 2],
    [3, 1, 7],
    [2, 5, 33],
    [1, 3, 64],
    [2, 7, 65],
    [1, 2, 130],
];

/// Returns a tensor computed column by column: `make` maps each column to one of the same length.
fn by_column(shape: [usize; 3], x: &[f64], make: impl Fn(usize, &[f64]) -> Vec<f64>) -> Vec<f64> {
    let [outer, n, inner] = shape;
    let mut y = vec![0.0; x.len()];
    for (o, j) in (0..outer).flat_map(|o| (0..inner).map(move |j| (o, j))) {
        let at = |i: usize| (o * n + i) * inner + j;
        let column: Vec<f64> = (0..n).map(|i| x[at(i)]).collect();
        let made = make(o * inner + j, &column);
        (0..n).for_each(|i| y[at(i)] = made[i]);
    }
    y
}

/// Returns one number for each column.
fn of_column(shape: [usize; 3], x: &[f64], make: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let [outer, n, inner] = shape;
    let column = |c: usize| -> Vec<f64> {
        (0..n).map(|i| x[(c / inner * n + i) * inner + c % inner]).collect()
    };
    (0..outer * inner).map(|c| make(&column(c))).collect()
}

fn shares(column: &[f64]) -> Vec<f64> {
    let sum: f64 = column.iter().map(|x| x.exp()).sum();
    column.iter().map(|x| x.exp() / sum).collect()
}

fn first(column: &[f64], found: f64) -> usize {
    column.iter().position(|x| *x == found).unwrap()
}

/// Checks a gradient with both ways of storing it.
fn stores(what: &str, expected: &[f64], run: &dyn Fn(&mut [f64], Store)) {
    let before = numbers(expected.len(), 9);
    let mut dx = before.clone();
    run(&mut dx, Store::Set);
    close(what, &dx, expected);
    dx.copy_from_slice(&before);
    run(&mut dx, Store::Add);
    close(what, &dx, &expected.iter().zip(&before).map(|(a, b)| a + b).collect::<Vec<_>>());
}

#[test]
fn extremes_and_where_they_are() {
    for shape @ [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let x = numbers(outer * n * inner, 1);
        let dy = numbers(outer * inner, 2);
        for which in [MinMax::Max, MinMax::Min] {
            let sign = if which == MinMax::Max { 1.0 } else { -1.0 };
            let best = |c: &[f64]| sign * c.iter().fold(f64::MIN, |a, b| a.max(sign * b));
            let mut y = vec![f64::NAN; outer * inner];
            min_max(Plain, which, sizes, &x[..], &mut y[..]);
            close("extreme", &y, &of_column(shape, &x, best));
            let mut at = y.clone();
            position(Plain, which, sizes, &x[..], &mut at[..]);
            close("position", &at, &of_column(shape, &x, |c| first(c, best(c)) as f64));
            let dx = by_column(shape, &x, |index, c| {
                let mut dx = vec![0.0; n];
                dx[first(c, best(c))] = dy[index];
                dx
            });
            stores("gradient", &dx, &|dx, store| {
                min_max_gradient(Plain, sizes, &x[..], &y[..], &dy[..], dx, store);
            });
        }
    }
}

#[test]
fn the_first_of_equals_counts_and_nan_wins() {
    for inner in [1, 3] {
        let row = |values: [f64; 4]| values.into_iter().flat_map(|x| vec![x; inner]);
        let x: Vec<f64> =
            row([1.0, 5.0, 5.0, 2.0]).chain(row([1.0, f64::NAN, 7.0, f64::NAN])).collect();
        let sizes = Sizes { outer: 2, len: 4, inner };
        let (mut y, mut at) = (vec![0.0; 2 * inner], vec![0.0; 2 * inner]);
        min_max(Plain, MinMax::Max, sizes, &x[..], &mut y[..]);
        position(Plain, MinMax::Max, sizes, &x[..], &mut at[..]);
        assert!(y[..inner] == vec![5.0; inner] && y[inner..].iter().all(|y| y.is_nan()));
        assert_eq!(at, vec![1.0; 2 * inner]);
        let mut dx = vec![3.0; 8 * inner];
        let dy = vec![1.0; 2 * inner];
        min_max_gradient(Plain, sizes, &x[..], &y[..], &dy[..], &mut dx[..], Store::Set);
        let one = row([0.0, 1.0, 0.0, 0.0]);
        assert_eq!(dx, one.clone().chain(one).collect::<Vec<f64>>());
    }
}

#[test]
fn softmax_and_its_logarithm() {
    for shape @ [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let (x, dy) = (numbers(outer * n * inner, 1), numbers(outer * n * inner, 2));
        let mut y = vec![f64::NAN; x.len()];
        softmax(Plain, sizes, &x[..], &mut y[..]);
        close("softmax", &y, &by_column(shape, &x, |_, c| shares(c)));
        let mean =
            of_column(shape, &y.iter().zip(&dy).map(|(y, dy)| y * dy).collect::<Vec<_>>(), |c| {
                c.iter().sum()
            });
        let means = by_column(shape, &x, |index, _| vec![mean[index]; n]);
        let dx: Vec<f64> = (0..x.len()).map(|i| y[i] * (dy[i] - means[i])).collect();
        stores("softmax gradient", &dx, &|dx, store| {
            softmax_gradient(Plain, sizes, &y[..], &dy[..], dx, store);
        });
        let shares = y.clone();
        log_softmax(Plain, sizes, &x[..], &mut y[..]);
        close("log softmax", &y, &shares.iter().map(|y| y.ln()).collect::<Vec<_>>());
        let sum = of_column(shape, &dy, |c| c.iter().sum());
        let sums = by_column(shape, &x, |index, _| vec![sum[index]; n]);
        let dx: Vec<f64> = (0..x.len()).map(|i| dy[i] - shares[i] * sums[i]).collect();
        stores("log softmax gradient", &dx, &|dx, store| {
            log_softmax_gradient(Plain, sizes, &y[..], &dy[..], dx, store);
        });
    }
}

#[test]
fn logsumexp_and_its_gradient() {
    for shape @ [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let (x, dy) = (numbers(outer * n * inner, 1), numbers(outer * inner, 2));
        let mut y = vec![f64::NAN; outer * inner];
        logsumexp(Plain, sizes, &x[..], &mut y[..]);
        let sum = |c: &[f64]| c.iter().map(|x| x.exp()).sum::<f64>().ln();
        close("logsumexp", &y, &of_column(shape, &x, sum));
        let dx = by_column(shape, &x, |index, c| {
            shares(c).into_iter().map(|share| dy[index] * share).collect()
        });
        stores("logsumexp gradient", &dx, &|dx, store| {
            logsumexp_gradient(Plain, sizes, &x[..], &dy[..], dx, store);
        });
    }
}

#[test]
fn columns_of_infinities() {
    let inf = f64::INFINITY;
    // two columns: one of only -inf, and one with +inf
    let x = [-inf, 1.0, -inf, inf];
    let mut y = [0.0; 4];
    softmax(Plain, Sizes { outer: 1, len: 2, inner: 2 }, &x[..], &mut y[..]);
    assert!(y[0] == 0.0 && y[2] == 0.0 && y[3].is_nan());
    log_softmax(Plain, Sizes { outer: 1, len: 2, inner: 2 }, &x[..], &mut y[..]);
    assert!(y[0] == -inf && y[2] == -inf && y[3].is_nan());
    let mut sums = [0.0; 2];
    logsumexp(Plain, Sizes { outer: 1, len: 2, inner: 2 }, &x[..], &mut sums[..]);
    assert_eq!(sums, [-inf, inf]);
}

#[test]
fn sums_of_all_before() {
    for shape @ [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let x = numbers(outer * n * inner, 1);
        let mut y = vec![f64::NAN; x.len()];
        cumsum(Plain, sizes, false, &x[..], &mut y[..]);
        let upto = |c: &[f64]| (0..n).map(|i| c[..=i].iter().sum()).collect();
        close("cumsum", &y, &by_column(shape, &x, |_, c| upto(c)));
        cumsum(Plain, sizes, true, &x[..], &mut y[..]);
        let from = |c: &[f64]| (0..n).map(|i| c[i..].iter().sum()).collect();
        close("reversed", &y, &by_column(shape, &x, |_, c| from(c)));
    }
}
