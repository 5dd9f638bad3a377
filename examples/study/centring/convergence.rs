//! The time to learn: activations that differ from the sigmoid in their mean, their slope or both.

use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate};
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;

/// Declares activations a s(b x) + c, where s is the sigmoid.
macro_rules! sigmoids {
    ($($(#[$doc:meta])* $name:ident = $scale:literal * sigmoid($steepness:literal * x) + $offset:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, Debug)]
        pub struct $name;

        impl Activation for $name {
            fn forward<N: Number>(x: N) -> N {
                let sigmoid = (x * N::constant($steepness)).sigmoid();
                sigmoid * N::constant($scale) + N::constant($offset)
            }
            const FLAT: bool = false;
        }
    )+};
}

// ANCHOR: activations
sigmoids! {
    /// The sigmoid with its mean subtracted: slope 1/4.
    Centred = 1.0 * sigmoid(1.0 * x) + -0.5;
    /// The sigmoid, as steep as tanh: slope 1, from 0 to 1.
    Steep = 1.0 * sigmoid(4.0 * x) + 0.0;
    /// That with its mean subtracted.
    SteepCentred = 1.0 * sigmoid(4.0 * x) + -0.5;
    /// tanh(x / 2): from -1 to 1, slope 1/2.
    Stretched = 2.0 * sigmoid(1.0 * x) + -1.0;
    /// tanh(x / 4): from -1 to 1, as flat as the sigmoid.
    FlatTanh = 2.0 * sigmoid(0.5 * x) + -1.0;
    /// 4 s(x): slope 1, from 0 to 4.
    Tall = 4.0 * sigmoid(1.0 * x) + 0.0;
    /// 4 s(x) - 2: slope 1, from -2 to 2.
    TallCentred = 4.0 * sigmoid(1.0 * x) + -2.0;
}
// ANCHOR_END: activations

// ANCHOR: network
network! {
    /// Four hidden layers of 64.
    pub Reads<A: Activation>(image: [64]) -> [10] {
        let mut h = image;
        for _ in 0..4 {
            h = h >> Linear(64) >> A;
        }
        h >> Linear(10)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

/// The training loss at which the digits count as learnt.
const LEARNT: f64 = 0.1;

/// Returns the number of epochs until the mean loss of an epoch falls below [`LEARNT`], and infinity if it never does.
fn epochs_to_learn<N: Supervised<f32, u32>>(
    mut net: N,
    mut optimizer: impl Optimizer<f32>,
    most: u64,
    seed: u64,
) -> Outcome<f64> {
    let (train, _) = digits::split();
    for epoch in 0..most {
        let mut sum = 0.0;
        for (images, labels) in train.batches(32, seed, epoch) {
            let loss = net.train_step(&images, &labels, &mut optimizer)?;
            sum += f64::from(loss) * labels.len() as f64;
        }
        if sum / (train.len() as f64) < LEARNT {
            return Ok((epoch + 1) as f64);
        }
    }
    Ok(f64::INFINITY)
}

/// Trains by gradient descent (`false`) or Adam (`true`) at a learning rate.
type Train = fn(adam: bool, rate: f64, most: u64, seed: u64) -> Outcome<f64>;

fn train<A: Activation>(adam: bool, rate: f64, most: u64, seed: u64) -> Outcome<f64> {
    let net = Reads::<A>::init(seed);
    if adam {
        epochs_to_learn(net, Adam::new(rate), most, seed)
    } else {
        epochs_to_learn(net, Sgd::new(rate), most, seed)
    }
}

/// Measures and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let most = scale.pick(10, 100);
    macro_rules! of {
        ($($text:literal $slope:literal $centred:literal $activation:ty),+ $(,)?) => {
            [$(($text, $slope, $centred, train::<$activation> as Train)),+]
        };
    }
    let activations = of![
        "s(x)" "1/4" "no" Sigmoid,
        "s(x) - 1/2" "1/4" "yes" Centred,
        "tanh(x/4)" "1/4" "yes" FlatTanh,
        "2 s(x) - 1" "1/2" "yes" Stretched,
        "s(4x)" "1" "no" Steep,
        "s(4x) - 1/2" "1" "yes" SteepCentred,
        "4 s(x)" "1" "no" Tall,
        "4 s(x) - 2" "1" "yes" TallCentred,
        "tanh(x)" "1" "yes" Tanh,
    ];
    let mut table = Table::new(["activation", "slope at 0", "centred", "gradient descent", "Adam"]);
    for (text, slope, centred, train) in activations {
        let mut row = vec![text.to_owned(), slope.to_owned(), centred.to_owned()];
        for (adam, name) in [(false, "sgd"), (true, "adam")] {
            let rates = match adam {
                true => scale.pick(&[1e-2][..], &[1e-3, 3e-3, 1e-2, 3e-2][..]),
                false => scale.pick(&[0.3][..], &[0.03, 0.1, 0.3, 1.0][..]),
            };
            let run = |rate, seed| train(adam, rate, most, seed);
            let (_, runs) =
                at_best_rate(Repeat { rates, trials: 1, seeds: scale.seeds() }, run, |epochs| {
                    *epochs
                })?;
            let spread = Spread::of(runs);
            results.spread(format!("convergence.{text}.{name}"), spread);
            row.push(match spread.middle.is_finite() {
                true => format!("{spread:.0}"),
                false => format!("not in {most}"),
            });
        }
        table.row(row);
    }
    let title =
        format!("Epochs until the training loss is below {LEARNT}, each at the best learning rate");
    results.table("centring_convergence", &title, table);
    Ok(())
}
