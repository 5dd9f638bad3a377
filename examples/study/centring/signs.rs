//! Signs of the gradients of a neuron's weights. The gradient of weight j is the sum over samples of d x_j, where d belongs
//! to the neuron: if all x_j are positive, a single sample's signs are all that of d, and an update can move the weights
//! only up together or down together (LeCun et al. 1998, "Efficient `BackProp`", section 4.3).

use crate::study::{Results, Scale, Spread, Table, side_by_side};
use monograd::plot::Chart;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::digits::{self, Dataset};

// ANCHOR: network
network! {
    /// Two hidden layers. `second` reads what the first activation gives.
    pub Reads<A: Activation>(image: [64]) -> [10] {
        let first = Linear(64);
        let second = Linear(64);
        let head = Linear(10);
        image >> first >> A >> second >> A >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

const BATCHES: [usize; 5] = [1, 4, 16, 64, 256];

/// Returns the mean, over neurons, of the share of the more frequent sign among the non-zero values of a row. Of 64 random
/// signs it is 0.55.
fn agreement(rows: &[f32]) -> f64 {
    let shares = rows.chunks(64).filter_map(|row| {
        let positive = row.iter().filter(|g| **g > 0.0).count();
        let negative = row.iter().filter(|g| **g < 0.0).count();
        let all = positive + negative;
        (all > 0).then(|| positive.max(negative) as f64 / all as f64)
    });
    let shares: Vec<f64> = shares.collect();
    shares.iter().sum::<f64>() / shares.len() as f64
}

/// The agreement of signs in a network.
struct Signs {
    /// Of gradients by the size of the batch.
    gradients: [f64; BATCHES.len()],
    /// Of the steps of Adam, with batches of 64.
    adam: f64,
}

/// Trains `net` for a few steps, and then returns the agreement, as a mean over batches.
fn measure<N: Supervised<f32, u32>>(mut net: N, seed: u64, steps: usize) -> Outcome<Signs> {
    let (train, _) = digits::split();
    let mut random = Philox::new(seed).stream(7);
    let mut batch = |size: usize| -> Dataset {
        let indices: Vec<usize> = (0..size).map(|_| random.below(train.len())).collect();
        train.select(&indices)
    };
    let mut optimizer = Adam::new(1e-3);
    let weights = |net: &N| -> Result<Vec<f32>, Error> {
        Ok(net.parameters().get("second.weight")?.to_tensor().as_slice().to_vec())
    };
    let mut adam = 0.0;
    for _ in 0..steps {
        let Dataset { images, labels } = batch(64);
        let before = weights(&net)?;
        net.train_step(&images, &labels, &mut optimizer)?;
        let step: Vec<f32> = weights(&net)?.iter().zip(&before).map(|(a, b)| a - b).collect();
        adam += agreement(&step) / steps as f64;
    }
    let mut gradients = [0.0; BATCHES.len()];
    for (size, mean) in BATCHES.iter().zip(&mut gradients) {
        for _ in 0..16 {
            let Dataset { images, labels } = batch(*size);
            let (_, gradients) = net.gradients(&images, &labels)?;
            *mean += agreement(gradients.get("second.weight")?.to_tensor().as_slice()) / 16.0;
        }
    }
    Ok(Signs { gradients, adam })
}

/// Measures and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let steps = scale.pick(20, 100);
    type Measure = fn(u64, usize) -> Outcome<Signs>;
    let activations: [(&str, Measure); 5] = [
        ("sigmoid", |seed, steps| measure(Reads::<Sigmoid>::init(seed), seed, steps)),
        ("tanh", |seed, steps| measure(Reads::<Tanh>::init(seed), seed, steps)),
        ("ReLU", |seed, steps| measure(Reads::<Relu>::init(seed), seed, steps)),
        ("GELU", |seed, steps| measure(Reads::<Gelu>::init(seed), seed, steps)),
        ("SiLU", |seed, steps| measure(Reads::<Silu>::init(seed), seed, steps)),
    ];
    let sizes = BATCHES.map(|size| format!("batch of {size}"));
    let header = ["activation".to_owned()].into_iter().chain(sizes);
    let mut chart = Chart::new("Agreement of signs within a neuron")
        .x_label("samples in a batch")
        .y_label("share of the more frequent sign")
        .log_x();
    let mut table = Table::new(header.chain(["steps of Adam".to_owned()]));
    for (name, measure) in activations {
        let runs = side_by_side(0..scale.seeds(), |seed| measure(seed, steps))?;
        let mut row = vec![name.to_owned()];
        let spreads: Vec<(f64, Spread)> = BATCHES
            .iter()
            .enumerate()
            .map(|(i, size)| (*size as f64, Spread::of(runs.iter().map(|run| run.gradients[i]))))
            .collect();
        chart = chart
            .line(name, spreads.iter().map(|(size, spread)| (*size, spread.middle)))
            .band(spreads.iter().map(|(size, spread)| (*size, spread.low, spread.high)));
        for (size, spread) in &spreads {
            results.spread(format!("signs.{name}.{size}"), *spread);
            row.push(format!("{:.0} %", 100.0 * spread.middle));
        }
        let adam = Spread::of(runs.iter().map(|run| run.adam));
        results.spread(format!("signs.{name}.adam"), adam);
        row.push(format!("{:.0} %", 100.0 * adam.middle));
        table.row(row);
    }
    let title = "Share of the more frequent sign among the gradients of a neuron's weights (55 % if signs are random)";
    results.table("centring_signs", title, table);
    results.figure("centring_signs", chart.svg());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_inputs_make_signs_agree() {
        let sigmoid = measure(Reads::<Sigmoid>::init(1), 1, 2).unwrap();
        let tanh = measure(Reads::<Tanh>::init(1), 1, 2).unwrap();
        // a single sample's signs are all that of the neuron's error
        assert_eq!(sigmoid.gradients[0], 1.0);
        assert!(tanh.gradients[0] < 0.65, "{}", tanh.gradients[0]);
        // a batch of 256 does not cure the sigmoid
        assert!(sigmoid.gradients[4] > 0.7 && tanh.gradients[4] < 0.65);
        assert!(sigmoid.adam > tanh.adam);
    }
}
