use super::*;
use crate::kernels::axis::Sizes;
use crate::kernels::axis::norm::norm;
use crate::kernels::rows;
use crate::simd::every_set::on_every_set;
use crate::simd::{Plain, Simd};

fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

/// Computes the norm in `f64`, from numbers divided by the largest.
fn definition(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = x.clone().fold(0.0, |a: f64, x| a.max(x.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    largest * x.map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt()
}

#[track_caller]
fn close<T: Scalar>(what: &str, actual: T, expected: f64) {
    // a long column is one chain of additions
    let tolerance = if T::BYTES == 4 { 2e-6 } else { 1e-14 };
    // if the norm is subnormal: as accurate as subnormals can be
    let last = T::from_f64(expected).to_f64() - expected;
    let error = (actual.to_f64() - expected).abs();
    assert!(error <= tolerance * expected + last.abs(), "{what} is {actual:e}, not {expected:e}");
}

/// Tests rows of numbers from the largest to the smallest that the scalar can represent, alone and
/// together, and columns that are out of range beside columns that are not.
fn wherever_it_is_in_range<T: Scalar, S: Simd<T>>(simd: S, exponents: &[i32]) {
    for n in [1, 2, 3, 7, 17, 33, 100, 1000] {
        let mut columns = Vec::new();
        for exponent in exponents {
            let tiny = |x: f64| T::from_f64(x * 2_f64.powi(*exponent - 4));
            let mut x: Vec<T> = numbers(n, 1).into_iter().map(tiny).collect();
            let root = definition(x.iter().map(|x| x.to_f64()));
            close(&format!("{n} near 2^{exponent}"), rows::norm(simd, [&x], |[x]| x).value, root);
            columns.push((x.clone(), root));
            // one number that dominates all others
            x[n / 2] = T::from_f64(2_f64.powi(*exponent));
            x[n / 3] = T::from_f64(2_f64.powi(exponents[0]));
            let root = definition(x.iter().map(|x| x.to_f64()));
            close(&format!("{n} to 2^{exponent}"), rows::norm(simd, [&x], |[x]| x).value, root);
            columns.push((x, root));
        }
        columns.push((vec![T::ZERO; n], 0.0));
        let inner = columns.len();
        let x: Vec<T> = (0..n * inner).map(|i| columns[i % inner].0[i / inner]).collect();
        let mut y = vec![T::ONE; inner];
        norm(simd, Sizes { outer: 1, len: n, inner }, &x[..], &mut y[..]);
        for (y, (_, root)) in y.into_iter().zip(&columns) {
            close(&format!("column of {n}"), y, *root);
        }
    }
}

on_every_set! {
    #[test]
    fn of_f32_wherever_it_is_in_range(simd: f32) {
        wherever_it_is_in_range(simd, &[-145, -120, -76, -64, -60, -30, 0, 30, 58, 64, 100, 120]);
    }
}

on_every_set! {
    #[test]
    fn of_f64_wherever_it_is_in_range(simd: f64) {
        let exponents = [-1060, -900, -530, -511, -400, -30, 0, 30, 500, 512, 900, 1015];
        wherever_it_is_in_range(simd, &exponents);
    }
}

on_every_set! {
    #[test]
    fn limits(simd: f32) {
        let inf = f32::INFINITY;
        let of = |x: &[f32]| rows::norm(simd, [x], |[x]| x).value;
        assert_eq!([of(&[]), of(&[0.0; 40]), of(&[1.0, -inf])], [0.0, 0.0, inf]);
        // a norm that is itself out of range
        assert_eq!([of(&[3e38, 3e38]), of(&[1e-45, 0.0])], [inf, 1e-45]);
        assert!(of(&[1.0, f32::NAN]).is_nan() && of(&[inf, f32::NAN]).is_nan());
    }
}

#[test]
fn blocks_and_odd_widths() {
    for [outer, n, inner] in [[3, 7, 1], [2, 33, 1], [1, 17, 2], [3, 1, 7], [2, 5, 33], [2, 7, 130]]
    {
        let x = numbers(outer * n * inner, 1);
        let mut y = vec![f64::NAN; outer * inner];
        norm(Plain, Sizes { outer, len: n, inner }, &x[..], &mut y[..]);
        for (c, y) in y.into_iter().enumerate() {
            let column = (0..n).map(|i| x[(c / inner * n + i) * inner + c % inner]);
            close("norm", y, definition(column));
        }
    }
}
