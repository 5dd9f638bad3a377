//! Compares hand-written normalisations with plain loops, for rows of odd lengths and several batch sizes.

use monograd::prelude::*;
use monograd::random::{Generator, Philox};

network! {
    Rows<const N: usize = 512>(x: [3, N], scale: [N]) -> ([3, N], [3, N], [3, N], [3]) {
        let layer = param([N], init = ones);
        let centred = x - mean(x, axis = -1, keep = true);
        let variance = mean(square(centred), axis = -1, keep = true);
        let normal = centred * rsqrt(variance + 1e-5) * layer;
        let rms = x * rsqrt(mean(square(x), axis = -1, keep = true) + 1e-5);
        let e = exp(x - max(x, axis = -1, keep = true));
        let softmax = e / sum(e, axis = -1, keep = true);
        let scale = reshape(scale, [1, N]);
        let range = max(x * scale, axis = -1) - min(x * scale, axis = -1);
        (normal, rms, softmax, range * logsumexp(2.0 * x, axis = -1))
    }
}

/// Computes the network for one sample with plain loops.
fn plain(x: &[f64], scale: &[f64]) -> [Vec<f64>; 4] {
    let n = scale.len();
    let mut results: [Vec<f64>; 4] = Default::default();
    for row in x.chunks(n) {
        let mean = |f: &dyn Fn(f64) -> f64| row.iter().map(|x| f(*x)).sum::<f64>() / n as f64;
        let centre = mean(&|x| x);
        let deviation = (mean(&|x| (x - centre).powi(2)) + 1e-5).sqrt();
        let size = (mean(&|x| x * x) + 1e-5).sqrt();
        let exponentials: f64 = row.iter().map(|x| x.exp()).sum();
        let logarithm = row.iter().map(|x| (2.0 * x).exp()).sum::<f64>().ln();
        results[0].extend(row.iter().map(|x| (x - centre) / deviation));
        results[1].extend(row.iter().map(|x| x / size));
        results[2].extend(row.iter().map(|x| x.exp() / exponentials));
        let scaled = || row.iter().zip(scale).map(|(x, scale)| x * scale);
        let range = scaled().fold(f64::MIN, f64::max) - scaled().fold(f64::MAX, f64::min);
        results[3].push(range * logarithm);
    }
    results
}

fn numbers(count: usize, random: &mut Generator) -> Vec<f64> {
    (0..count).map(|_| 4.0 * random.uniform() - 2.0).collect()
}

fn check<const N: usize>() {
    let net = Rows::<N>::init(1).cast::<f64>();
    let mut random = Philox::new(N as u64).stream(0);
    for samples in [1, 7, 33] {
        let x = numbers(samples * 3 * N, &mut random);
        let scale = numbers(samples * N, &mut random);
        let (a, b, c, d) = net.forward((&x, &scale)).unwrap();
        let outputs = [a, b, c, d];
        for sample in 0..samples {
            let x = &x[sample * 3 * N..][..3 * N];
            let expected = plain(x, &scale[sample * N..][..N]);
            let (a, b, c, d) = net.forward((x, &scale[sample * N..][..N])).unwrap();
            let alone = [a, b, c, d];
            for ((output, expected), alone) in outputs.iter().zip(expected).zip(&alone) {
                let actual = &output.as_slice()[sample * expected.len()..][..expected.len()];
                assert_eq!(actual, alone.as_slice(), "{N}: the batch makes a difference");
                for (actual, expected) in actual.iter().zip(expected) {
                    let near = (actual - expected).abs() <= 1e-12 * expected.abs().max(1.0);
                    assert!(near, "{N}: {actual}, not {expected}");
                }
            }
        }
    }
}

#[test]
fn rows_of_odd_lengths() {
    check::<1>();
    check::<7>();
    check::<17>();
    check::<33>();
    check::<130>();
}
