use super::*;
use crate::simd::every_set::on_every_set;

fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

fn close(actual: f64, expected: f64) {
    let near = (actual - expected).abs() <= 1e-12 * expected.abs().max(1.0);
    assert!(near, "{actual}, not {expected}");
}

on_every_set! {
    #[test]
    fn rows_follow_the_definitions(simd: f64) {
        for n in [1, 7, 17, 33, 130] {
            let (a, b) = (numbers(n, 1), numbers(n, 2));
            // a term that is not zero where `a` and `b` are, as they would be beyond the end
            let term = |[a, b]: [Lane<_, _>; 2]| a * b - Lane::constant(100.0);
            let terms = || a.iter().zip(&b).map(|(a, b)| a * b - 100.0);
            close(sum(simd, [&a, &b], term).value, terms().sum());
            close(max(simd, [&a, &b], term).value, terms().fold(f64::NEG_INFINITY, f64::max));
            close(min(simd, [&a, &b], term).value, terms().fold(f64::INFINITY, f64::min));
            let largest = terms().fold(f64::NEG_INFINITY, f64::max);
            let exponentials: f64 = terms().map(|term| (term - largest).exp()).sum();
            close(logsumexp(simd, [&a, &b], term).value, largest + exponentials.ln());
        }
    }
}

on_every_set! {
    #[test]
    fn infinities_and_nan_are_kept(simd: f64) {
        let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
        for n in [1, 7, 17, 33] {
            let of = |x: f64| logsumexp(simd, [&vec![x; n]], |[x]| x).value;
            assert_eq!((of(least), of(most)), (least, most));
            let mut x = numbers(n, 1);
            x[n / 2] = f64::NAN;
            assert!(max(simd, [&x], |[x]| x).value.is_nan());
            assert!(min(simd, [&x], |[x]| x).value.is_nan());
            assert!(logsumexp(simd, [&x], |[x]| x).value.is_nan());
        }
    }
}
