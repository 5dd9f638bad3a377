//! Trains stacks of several depths, to see if they learn to read digits.

use super::{ACTIVATIONS, KINDS, Stack, W, Weights};
use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate};
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;

/// A training of a stack.
#[derive(Clone, Copy)]
struct Run {
    kind: usize,
    weights: Weights,
    rate: f64,
    epochs: u64,
    seed: u64,
}

const RATES: [f64; 4] = [3e-4, 1e-3, 3e-3, 1e-2];
const DEPTHS: [usize; 3] = [8, 32, 100];

trait Deep:
    for<'a> Trainable<
        Scalar = f32,
        Inputs<'a> = (&'a [f32], &'a [f32], &'a [f32]),
        Targets<'a> = (&'a [u32],),
    >
{
}

impl<N> Deep for N where
    N: for<'a> Trainable<
            Scalar = f32,
            Inputs<'a> = (&'a [f32], &'a [f32], &'a [f32]),
            Targets<'a> = (&'a [u32],),
        >
{
}

/// Trains a stack by Adam, and returns its accuracy on held-out digits.
fn train<N: Deep>(mut net: N, depth: usize, run: Run) -> Outcome<f64> {
    run.weights.fill(&mut net, depth, run.seed)?;
    let (train, test) = digits::split();
    let (_, residual, normalise) = KINDS[run.kind];
    let switches = |samples: usize| [vec![residual; samples], vec![normalise; samples]];
    let mut optimizer = Adam::new(run.rate);
    for epoch in 0..run.epochs {
        for (images, labels) in train.batches(32, run.seed, epoch) {
            let [residual, normalise] = switches(labels.len());
            net.train_step((&images, &residual, &normalise), &labels, &mut optimizer)?;
        }
    }
    let [residual, normalise] = switches(test.len());
    let measures = net.measure((&test.images, &residual, &normalise), &test.labels)?;
    Ok(f64::from(measures.get("accuracy").unwrap_or(0.0)))
}

type Train = fn(Run) -> Outcome<f64>;

/// Returns the trainings of an activation, by depth.
fn of<A: Activation>() -> [Train; 3] {
    [
        |run| train(Stack::<A, 8, W>::init(run.seed), 8, run),
        |run| train(Stack::<A, 32, W>::init(run.seed), 32, run),
        |run| train(Stack::<A, 100, W>::init(run.seed), 100, run),
    ]
}

/// Trains, each at the best of several learning rates, which is chosen by seeds of its own.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let epochs = scale.pick(2, 20);
    let settings = [
        (0, Weights::Default),
        (0, Weights::Kaiming),
        (0, Weights::Orthogonal),
        (0, Weights::OrthogonalKaiming),
        (1, Weights::Default),
        (2, Weights::Default),
        (3, Weights::Default),
    ];
    let activations = [of::<Sigmoid>(), of::<Tanh>(), of::<Relu>(), of::<Gelu>(), of::<Silu>()];
    let mut table = Table::new(["stack", "weights", "depth"].into_iter().chain(ACTIVATIONS));
    for (kind, weights) in settings {
        let kind_name = KINDS[kind].0;
        for (depth, layers) in DEPTHS.iter().enumerate() {
            let mut row = vec![kind_name.to_owned(), weights.name().to_owned(), layers.to_string()];
            for (name, depths) in ACTIVATIONS.iter().zip(&activations) {
                let train = depths[depth];
                let rates = scale.pick(&RATES[1..2], &RATES[..]);
                let run = |rate, seed| train(Run { kind, weights, rate, epochs, seed });
                let (rate, runs) = at_best_rate(
                    Repeat { rates, trials: 1, seeds: scale.seeds() },
                    run,
                    |accuracy| -accuracy,
                )?;
                let spread = Spread::of(runs);
                let key = format!("learn.{kind_name}.{}.{layers}.{name}", weights.name());
                results.spread(&key, spread);
                results.number(format!("{key}.rate"), rate);
                row.push(format!("{:.1}\u{a0}%", spread.map(|share| 100.0 * share)));
            }
            table.row(row);
        }
    }
    let title = "Held-out digits that are read correctly, median over seeds, each at the best learning rate";
    results.table("vanishing_learn", title, table);
    Ok(())
}
