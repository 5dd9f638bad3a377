//! Custom losses that use inner values, inputs, parameters and statements, with metrics beside them.

use monograd::prelude::*;
use monograd_tests::differences::check;

network! {
    /// A variational autoencoder: the noise is an input, and the loss compares with the input.
    pub Vae(x: [6], noise: [2]) -> [6] {
        let (mu, log_var) = x >> Encoder;
        mu + noise * exp(0.5 * log_var) >> Linear(5) >> Tanh >> Linear(6)
    }
    loss |y, mu, log_var| {
        let kl = 0.5 * sum(exp(log_var) + square(mu) - 1.0 - log_var);
        bce_with_logits(y, sigmoid(x)) + 0.1 * kl
    }
    metric reconstruction |y, x| mse(sigmoid(y), x)

    Encoder(x: [6]) -> ([2], [2]) {
        let h = x >> Linear(4) >> Gelu;
        (h >> Linear(2), h >> Linear(2))
    }

    pub Weighted(x: [7]) -> ([3], [7]) {
        let fc = Linear(5);
        let head = Linear(3);
        let h = x >> fc >> Silu;
        (h >> head, h >> Linear(7))
    }
    loss |y, z, class: u32[1], clean: [7]|
        cross_entropy(y, class) + 0.1 * mse(z, clean) + 1e-2 * l2(fc.weight) + 0.3 * sum(abs(head.bias)) + 0.05 * mean(square(linear0.weight))
    metric accuracy |y, z, class: u32[1]| accuracy(y, class)
    metric noise |y, z, clean| { let e = z - clean; mean(abs(e)) }

    /// A parameter of an inner network is used in the loss and in the body.
    Tied(x: [4]) -> [4] {
        let block = Block;
        let h = x >> block;
        h * block.gain + sum(square(block.linear0.weight))
    }
    loss |y, t: [4]| mse(y, t) + 0.1 * block.gain * mean(y)

    Block(x: [4]) -> [4] {
        let gain = param([], init = 0.7);
        gain * (x >> Linear(4))
    }
}

#[test]
fn have_right_gradients() {
    check::<Vae<f64>>("Vae", Vae::init(1).cast());
    check::<Weighted<f64>>("Weighted", Weighted::init(1).cast());
    check::<Tied<f64>>("Tied", Tied::init(1).cast());
}

#[test]
fn a_loss_without_targets_trains() -> Result<(), Error> {
    let mut net = Vae::init(2);
    let x: Vec<f32> = (0..6 * 20).map(|i| ((i * i) as f32 * 0.1).sin().abs()).collect();
    let noise: Vec<f32> = (0..2 * 20).map(|i| (i as f32 * 1.7).cos()).collect();
    let before = net.measure((&x, &noise), ())?;
    let mut optimizer = Adam::new(1e-2);
    for _ in 0..200 {
        net.train_step((&x, &noise), (), &mut optimizer)?;
    }
    let after = net.measure((&x, &noise), ())?;
    assert!(after.loss < before.loss, "{before} then {after}");
    assert_eq!(after.loss, net.loss((&x, &noise), ())?);
    Ok(())
}

#[test]
fn metrics_are_means_over_the_batch() -> Result<(), Error> {
    let net = Weighted::init(5).cast::<f64>();
    // more samples than one tile or thread takes
    let samples = 1000;
    let x: Vec<f64> = (0..7 * samples).map(|i| (i as f64 * 0.37).sin()).collect();
    let clean: Vec<f64> = (0..7 * samples).map(|i| (i as f64 * 0.11).cos()).collect();
    let classes: Vec<u32> = (0..samples as u32).map(|i| i * i % 3).collect();
    let measures = net.measure(&x, (&classes, &clean))?;
    let (y, z) = net.forward(&x)?;
    let right = y
        .as_slice()
        .chunks(3)
        .zip(&classes)
        .filter(|(row, class)| row.iter().all(|other| *other <= row[**class as usize]));
    let accuracy = right.count() as f64 / samples as f64;
    assert!((measures.get("accuracy").unwrap() - accuracy).abs() < 1e-12);
    let noise: f64 = z.iter().zip(&clean).map(|(z, c)| (z - c).abs()).sum();
    assert!((measures.get("noise").unwrap() - noise / clean.len() as f64).abs() < 1e-12);
    assert_eq!(measures.get("loss"), None);
    let names: Vec<&str> = measures.iter().map(|(name, _)| name).collect();
    assert_eq!(names, Weighted::<f64>::METRICS);
    assert!((measures.loss - net.loss(&x, (&classes, &clean))?).abs() < 1e-12);
    Ok(())
}

#[test]
fn what_the_loss_ignores_accuracy_ignores() -> Result<(), Error> {
    network! {
        Ignoring(x: [2]) -> [2] { x + 0.0 * sum(param([1], init = ones)) }
        loss cross_entropy(ignore_index = 7)
        metric accuracy
        metric wrong |y, target| 1.0 - accuracy(y, target)
    }
    let net = Ignoring::init(1);
    let x = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
    let measures = net.measure(&x, &[0, 7, 1, 0])?;
    assert!((measures.get("accuracy").unwrap() - 2.0 / 3.0).abs() < 1e-6);
    assert!((measures.get("wrong").unwrap() - 1.0 / 3.0).abs() < 1e-6);
    Ok(())
}
