//! Pixels between 0 and 1: an autoencoder with several last activations.

use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::digits;

// ANCHOR: network
network! {
    /// Describes a digit by 8 numbers, and draws it again.
    pub Draws<Last: Activation>(image: [64]) -> [64] {
        let code = image >> Linear(32) >> Gelu >> Linear(8);
        code >> Linear(32) >> Gelu >> Linear(64) >> Last
    }
    loss mse
}
// ANCHOR_END: network

/// Trains, and returns the mean squared error of held-out digits, and the share of pixels that are below 0 or above 1.
fn train<Last: Activation>(rate: f64, epochs: u64, seed: u64) -> Outcome<[f64; 2]> {
    let (train, test) = digits::split();
    let pixels = |images: &[[f32; 64]]| -> Vec<[f32; 64]> {
        images.iter().map(|image| image.map(|pixel| (pixel + 1.0) / 2.0)).collect()
    };
    let (train, test) = (pixels(&train.images), pixels(&test.images));
    let mut net = Draws::<Last>::init(seed);
    let mut optimizer = Adam::new(rate);
    for epoch in 0..epochs {
        let order = Philox::new(seed).stream(1 + epoch).permutation(train.len());
        for batch in order.chunks(32) {
            let images: Vec<[f32; 64]> = batch.iter().map(|i| train[*i]).collect();
            net.train_step(&images, &images, &mut optimizer)?;
        }
    }
    let drawn = net.forward(&test)?;
    let outside = drawn.as_slice().iter().filter(|pixel| !(0.0..=1.0).contains(*pixel)).count();
    let error = f64::from(net.loss(&test, &test)?);
    Ok([error, outside as f64 / drawn.as_slice().len() as f64])
}

/// Trains and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let epochs = scale.pick(3, 60);
    let rates = scale.pick(&[3e-3][..], &[1e-3, 3e-3, 1e-2][..]);
    type Train = fn(f64, u64, u64) -> Outcome<[f64; 2]>;
    let lasts: [(&str, Train); 4] = [
        ("sigmoid", train::<Sigmoid>),
        ("none", train::<Identity>),
        ("ReLU", train::<Relu>),
        ("hard sigmoid", train::<HardSigmoid>),
    ];
    let mut table =
        Table::new(["last activation", "mean squared error", "pixels outside of [0, 1]"]);
    for (name, train) in lasts {
        let run = |rate, seed| train(rate, epochs, seed);
        let (_, runs) =
            at_best_rate(Repeat { rates, trials: 1, seeds: scale.seeds() }, run, |[error, _]| {
                *error
            })?;
        let [error, outside] = [0, 1].map(|i| Spread::of(runs.iter().map(|run| run[i])));
        results.spread(format!("pixels.error.{name}"), error);
        results.spread(format!("pixels.outside.{name}"), outside);
        table.row([
            name.to_owned(),
            format!("{error:.4}"),
            format!("{:.1}\u{a0}%", outside.map(|share| 100.0 * share)),
        ]);
    }
    results.table("gates_pixels", "Digits drawn from 8 numbers", table);
    Ok(())
}
