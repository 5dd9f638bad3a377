//! The inference of run-time sizes from data, and calls with changing sizes.

use super::networks::*;
use monograd::prelude::*;

fn tokens(samples: usize, len: usize) -> (Tensor<f32>, Tensor<u32>) {
    let x = Tensor::from_fn([samples, len, 5], |i| ((i * 7) % 23) as f32 / 23.0 - 0.5);
    (x, Tensor::from_fn([samples, len], |i| (i * 5 % 3) as u32))
}

#[test]
fn shapes_tell_samples_and_lengths() {
    let net = Tagger::<6>::init(1);
    let zeros = [0.0; 2 * 3 * 4 * 5];
    let shape = |y: Result<Tensor, Error>| y.unwrap().shape().to_vec();
    // a tensor with one more axis than the network's input is a batch
    assert_eq!(shape(net.forward(&Tensor::zeros([6, 4, 5]))), [6, 4, 3]);
    assert_eq!(shape(net.forward(&[[[0.0; 5]; 4]; 6])), [6, 4, 3]);
    // with the same number of axes it is one sample
    assert_eq!(shape(net.forward(&Tensor::zeros([4, 5]))), [1, 4, 3]);
    assert_eq!(shape(net.forward(&[[0.0; 5]; 4])), [1, 4, 3]);
    assert_eq!(shape(net.forward(&vec![[0.0; 5]; 7])), [1, 7, 3]);
    // flat data is one sample
    assert_eq!(shape(net.forward(&zeros)), [1, 24, 3]);
    assert_eq!(shape(net.forward(&zeros.to_vec())), [1, 24, 3]);
    // a matrix has one column per sample
    assert_eq!(shape(net.forward(&nalgebra::DMatrix::zeros(20, 6))), [6, 4, 3]);
}

#[test]
fn one_port_tells_the_lengths_of_another() {
    let net = Tagger::<6>::init(1);
    let (x, labels) = tokens(6, 4);
    let loss = net.loss(&x, &labels).unwrap();
    assert_eq!(net.loss(&x, labels.as_slice()).unwrap(), loss);
    assert_eq!(net.loss(x.as_slice(), &labels).unwrap(), loss);
    // flat data alone is one sample
    let (x, labels) = tokens(1, 9);
    let loss = net.loss(&x, &labels).unwrap();
    assert_eq!(net.loss(x.as_slice(), labels.as_slice()).unwrap(), loss);
}

#[test]
fn the_mean_counts_every_position_once() {
    let net = Tagger::<6>::init(1);
    let (x, mut labels) = tokens(2, 3);
    // the first sample has two targets, the second three
    labels.as_mut_slice()[1] = monograd::IGNORE_INDEX;
    let logits = net.forward(&x).unwrap();
    let mut sum = 0.0;
    for (row, &label) in logits.as_slice().chunks(3).zip(labels.as_slice()) {
        if label != monograd::IGNORE_INDEX {
            let total: f32 = row.iter().map(|x| x.exp()).sum();
            sum += total.ln() - row[label as usize];
        }
    }
    assert!((net.loss(&x, &labels).unwrap() - sum / 5.0).abs() < 1e-6);
}

#[test]
fn lengths_change_from_step_to_step() {
    let mut net = Tagger::<6>::init(1);
    let mut optimizer = Adam::new(1e-2);
    for (samples, len) in [(3, 2), (1, 130), (40, 33), (40, 1), (2, 7), (5, 200), (41, 12)] {
        let (x, labels) = tokens(samples, len);
        // the previous contents of the workspace make no difference
        let mut fresh = net.clone();
        let mut fresh_optimizer = optimizer.clone();
        let loss = net.train_step(&x, &labels, &mut optimizer).unwrap();
        assert_eq!(loss, fresh.train_step(&x, &labels, &mut fresh_optimizer).unwrap());
        let (a, b) = (net.parameters(), fresh.parameters());
        for (a, b) in a.iter().zip(b.iter()) {
            for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
                assert!((a - b).abs() <= 1e-6, "{samples} x {len}: {a} {b}");
            }
        }
    }
}

#[test]
fn a_workspace_takes_all_that_fits() {
    let net = Tagger::<6>::init(1);
    let mut workspace = net.workspace_for(6, &[50]).unwrap();
    for (samples, len) in [(6, 50), (1, 50), (6, 1), (3, 7), (60, 5), (2, 149)] {
        let (x, _) = tokens(samples, len);
        let y = net.forward_into(&x, &mut workspace).unwrap();
        assert_eq!(y, net.forward(&x).unwrap().as_slice(), "{samples} x {len}");
    }
    let (x, _) = tokens(7, 50);
    let error = net.forward_into(&x, &mut workspace).unwrap_err();
    assert!(
        matches!(error, Error::WorkspaceLengths { batch: 7, actual: 900, expected: 1050, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("7 samples with T = 50 take"), "{error}");
    // it can be used afterwards
    let (x, _) = tokens(6, 50);
    net.forward_into(&x, &mut workspace).unwrap();
}

#[test]
fn constants_are_those_at_bounds() {
    const { assert!(Tagger::<6>::PARAMS == 99 && Pair::<7>::PARAMS == 32) };
    let cost = |t| Tagger::<6>::cost(&[t]).unwrap();
    assert_eq!(cost(1).flops, Tagger::<6>::FLOPS);
    assert_eq!(cost(1).workspace, Tagger::<6>::WORKSPACE);
    assert_eq!(cost(1).train_workspace, Tagger::<6>::TRAIN_WORKSPACE);
    assert_eq!(cost(33).flops, 33 * Tagger::<6>::FLOPS);
    let pair = Pair::<7>::cost(&[1, 7, 1]).unwrap();
    assert_eq!((pair.flops, pair.workspace), (Pair::<7>::FLOPS, Pair::<7>::WORKSPACE));
    assert_eq!(pair.train_workspace, Pair::<7>::TRAIN_WORKSPACE);
    assert!(pair.flops < Pair::<8>::FLOPS);
}

#[test]
fn a_summary_shows_shapes_as_they_are_written() {
    let text = Pair::<7>::summary().to_string();
    for line in [
        "x         input               [S, 3]",
        "y         input               [T, 3]",
        "linear0   Linear(2)           [T + S, 2]",
        "for         S = 1, T = 7, U = 1",
    ] {
        let words: Vec<&str> = line.split("  ").filter(|word| !word.is_empty()).collect();
        let shown = text.lines().any(|line| words.iter().all(|word| line.contains(word.trim())));
        assert!(shown, "`{line}` is not in\n{text}");
    }
}
