//! Compares long sums of `f32` with exact ones: the error must not grow with the number of terms.

use super::Store;
use super::axis::Sizes;
use super::axis::cumsum::cumsum;
use super::axis::softmax::softmax;
use super::dense::{Shape, bias_gradient, forward, weight_gradient};
use super::reduce::{sum_all, sum_axis, sum_columns};
use crate::simd::every_set::on_every_set;

/// A term whose additions all round in the same direction: the worst case of a chain of additions.
const TERM: f32 = 0.1;

#[track_caller]
fn near(what: &str, actual: f32, exact: f64, within: f64) {
    let error = (f64::from(actual) / exact - 1.0).abs();
    assert!(error < within, "{what}: {actual}, not {exact}, an error of {error:e}");
}

/// Returns different positive numbers.
fn numbers(len: usize) -> Vec<f32> {
    (0..len).map(|i| (i * 7919 % 1009 + 1) as f32 / 997.0).collect()
}

on_every_set! {
    #[test]
    fn a_million_terms_or_more(simd: f32) {
        let n = 1_000_017;
        let tenths = vec![TERM; n];
        near("all", sum_all(simd, &tenths), n as f64 * f64::from(TERM), 1e-6);
        let x = numbers(n);
        let exact: f64 = x.iter().map(|x| f64::from(*x)).sum();
        near("all of different ones", sum_all(simd, &x), exact, 3e-7);
    }
}

on_every_set! {
    #[test]
    fn rows_are_summed_as_well_as_elements(simd: f32) {
        for n in [1, 2, 3, 17, 256, 300] {
            let rows = 300_000 / n + 5;
            let exact = rows as f64 * f64::from(TERM);
            let x = vec![TERM; rows * n];
            let mut y = vec![1.0; n];
            sum_columns(simd, rows, n, &x[..], &mut y, Store::Add);
            y.iter().for_each(|y| near("added", *y, 1.0 + exact, 1e-6));
            sum_axis(simd, Sizes { outer: 1, len: rows, inner: n }, &x[..], &mut y[..], Store::Set);
            y.iter().for_each(|y| near("set", *y, exact, 1e-6));
            bias_gradient(simd, rows, n, &x[..], &mut y, Store::Set);
            y.iter().for_each(|y| near("bias", *y, exact, 1e-6));
        }
    }
}

on_every_set! {
    #[test]
    fn running_sums_stay_near_to_the_end(simd: f32) {
        for inner in [1, 3, 70] {
            let n = 200_000 / inner;
            let x = vec![TERM; n * inner];
            let mut y = vec![0.0; n * inner];
            for reversed in [false, true] {
                cumsum(simd, Sizes { outer: 1, len: n, inner }, reversed, &x[..], &mut y[..]);
                for (at, y) in y.iter().enumerate() {
                    let terms = if reversed { n - at / inner } else { at / inner + 1 };
                    near("cumsum", *y, terms as f64 * f64::from(TERM), 1e-7);
                }
            }
        }
    }
}

on_every_set! {
    #[test]
    fn denominators_of_long_columns(simd: f32) {
        let (n, inner) = (100_000, 2);
        let x = vec![0.7; n * inner];
        let mut y = vec![0.0; n * inner];
        softmax(simd, Sizes { outer: 1, len: n, inner }, &x[..], &mut y[..]);
        y.iter().for_each(|y| near("softmax", *y, 1.0 / n as f64, 1e-6));
    }
}

on_every_set! {
    #[test]
    fn products_over_many_rows(simd: f32) {
        // contiguous sums, few rows, many rows, more columns than a part has
        for [rows, inputs, outputs] in
            [[70_000, 1, 1], [70_000, 1, 5], [66_003, 3, 2], [40_000, 9, 20], [32_769, 70, 130]]
        {
            let (x, dy) = (vec![TERM; rows * inputs], vec![1.0; rows * outputs]);
            let exact = rows as f64 * f64::from(TERM);
            let mut dw = vec![7.0; inputs * outputs];
            weight_gradient(simd, Shape { rows, inputs, outputs }, &x[..], &dy[..], &mut dw, Store::Set);
            dw.iter().for_each(|dw| near("weight", *dw, exact, 4e-6));
            weight_gradient(simd, Shape { rows, inputs, outputs }, &x[..], &dy[..], &mut dw, Store::Add);
            dw.iter().for_each(|dw| near("weight added", *dw, 2.0 * exact, 4e-6));
        }
        for outputs in [1, 3, 40] {
            let inputs = 70_000;
            let (x, weight, bias) =
                (vec![TERM; 2 * inputs], vec![1.0; inputs * outputs], vec![3.0; outputs]);
            let mut y = vec![0.0; 2 * outputs];
            forward(simd, Shape { rows: 2, inputs, outputs }, &x[..], &weight[..], Some(&bias), &mut y[..]);
            let exact = 3.0 + inputs as f64 * f64::from(TERM);
            y.iter().for_each(|y| near("forward", *y, exact, 4e-6));
        }
    }
}
