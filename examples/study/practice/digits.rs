//! A perceptron and a convolutional network that read digits.

use super::ReluSquared;
use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate};
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::reading::{Plan, accuracy, learn};

// ANCHOR: networks
network! {
    /// Two hidden layers.
    pub Perceptron<A: Activation>(image: [64]) -> [10] {
        image >> Linear(64) >> A >> Linear(64) >> A >> Linear(10)
    }
    loss cross_entropy
    metric accuracy

    /// Two convolutions.
    pub Convolutional<A: Activation>(image: [1, 8, 8]) -> [10] {
        let h = image >> Conv2d(8, 3, padding = same) >> A >> MaxPool2d(2);
        let h = h >> Conv2d(16, 3, padding = same) >> A >> MaxPool2d(2);
        h >> Flatten() >> Linear(10)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: networks

fn train<N: Supervised<f32, u32>>(
    mut net: N,
    learning_rate: f64,
    epochs: u64,
    seed: u64,
) -> Outcome<f64> {
    let (train, test) = digits::split();
    learn(&mut net, &train, Plan { epochs, learning_rate, seed }, |_, _| Ok(()))?;
    Ok(accuracy(&net, &test)?)
}

type Train = fn(rate: f64, epochs: u64, seed: u64) -> Outcome<f64>;

fn of<A: Activation>() -> [Train; 2] {
    [
        |rate, epochs, seed| train(Perceptron::<A>::init(seed), rate, epochs, seed),
        |rate, epochs, seed| train(Convolutional::<A>::init(seed), rate, epochs, seed),
    ]
}

/// Trains and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let epochs = scale.pick(2, 20);
    let rates = scale.pick(&[3e-3][..], &[1e-3, 3e-3, 1e-2, 3e-2][..]);
    let activations = [
        ("sigmoid", of::<Sigmoid>()),
        ("tanh", of::<Tanh>()),
        ("ReLU", of::<Relu>()),
        ("GELU", of::<Gelu>()),
        ("SiLU", of::<Silu>()),
        ("ReLU squared", of::<ReluSquared>()),
    ];
    let mut table = Table::new(["activation", "perceptron", "convolutional"]);
    for (name, trains) in activations {
        let mut row = vec![name.to_owned()];
        for (kind, train) in ["perceptron", "convolutional"].into_iter().zip(trains) {
            let run = |rate, seed| train(rate, epochs, seed);
            let (_, runs) =
                at_best_rate(Repeat { rates, trials: 1, seeds: scale.seeds() }, run, |accuracy| {
                    -accuracy
                })?;
            let spread = Spread::of(runs);
            results.spread(format!("digits.{kind}.{name}"), spread);
            row.push(format!("{:.1}\u{a0}%", spread.map(|share| 100.0 * share)));
        }
        table.row(row);
    }
    let title = format!("Held-out digits that are read correctly after {epochs} epochs");
    results.table("practice_digits", &title, table);
    Ok(())
}
