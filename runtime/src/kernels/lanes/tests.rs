use super::*;
use crate::simd::every_set::on_every_set;

on_every_set! {
    #[test]
    fn every_position_counts_once_whatever_the_length(simd: f32) {
        for n in 0..130 {
            // Small integers are exact in any order of summation.
            let x: Vec<f32> = (1..=n).map(|i| i as f32).collect();
            let ones = vec![1.0; n];
            assert_eq!(sum(simd, [&x], |[x]| x), (n * (n + 1) / 2) as f32);
            assert_eq!(
                sum(simd, [&x, &ones], |[x, one]| (x - one) * one),
                (n * n.saturating_sub(1) / 2) as f32
            );
            assert_eq!(max(simd, &x), if n == 0 { f32::NEG_INFINITY } else { n as f32 });
            for at in 0..n {
                let mut x = vec![-1.0; n];
                x[at] = 0.5;
                assert_eq!(max(simd, &x), 0.5);
            }
        }
    }
}

on_every_set! {
    #[test]
    fn nothing_counts_beyond_the_end(simd: f64) {
        // the term of a zero that is read beyond the end would be 1
        let terms = |[x]: [f64; 1]| 1.0 - x;
        for n in 1..600 {
            let x = vec![1.0; n];
            assert_eq!(sum(simd, [&x], terms), 0.0);
            assert_eq!(reduce(simd, [&x], Join::Max, terms), 0.0);
            assert_eq!(reduce(simd, [&x], Join::Min, |[x]| -terms([x])), 0.0);
        }
    }
}

on_every_set! {
    #[test]
    fn every_block_of_a_long_row_counts(simd: f32) {
        for n in [255, 256, 257, 2047, 2048, 2049, 5000, 6144] {
            let mut x: Vec<f32> = (0..n).map(|i| (i % 7) as f32).collect();
            let expected = x.iter().sum::<f32>();
            assert_eq!(sum(simd, [&x], |[x]| x), expected);
            assert_eq!(sum_all(simd, &x), expected);
            for at in [0, n / 2, n - 1] {
                let before = std::mem::replace(&mut x[at], 9.0);
                assert_eq!(reduce(simd, [&x], Join::Max, |[x]| x), 9.0);
                assert_eq!(reduce_all(simd, &x, Join::Max), 9.0);
                assert_eq!(reduce(simd, [&x], Join::Min, |[x]| -x), -9.0);
                x[at] = before;
            }
        }
    }
}

on_every_set! {
    #[test]
    fn max_passes_over_nan(simd: f32) {
        assert_eq!(max(simd, &[f32::NAN, 1.0, f32::NAN, 3.0, f32::NAN]), 3.0);
        assert_eq!(max(simd, &[f32::NAN; 40]), f32::NEG_INFINITY);
    }
}
