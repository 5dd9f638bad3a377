//! Norms of gradients by layer, at the initial weights.

use super::theory::gradient_factor;
use super::{ACTIVATIONS, KINDS, Stack, W, Weights};
use crate::{Results, Scale, Spread, Table};
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;

/// A stack in double precision, in which a gradient of 1e-140 still is a number.
trait Deep:
    for<'a> Trainable<
        Scalar = f64,
        Inputs<'a> = (&'a [f64], &'a [f64], &'a [f64]),
        Targets<'a> = (&'a [u32],),
    >
{
}

impl<N> Deep for N where
    N: for<'a> Trainable<
            Scalar = f64,
            Inputs<'a> = (&'a [f64], &'a [f64], &'a [f64]),
            Targets<'a> = (&'a [u32],),
        >
{
}

/// The norm of the gradient before the activation of each layer, first layer first.
type Norms = Vec<f64>;

/// A stack to be measured.
#[derive(Clone, Copy)]
struct Run {
    kind: usize,
    weights: Weights,
    seed: u64,
    samples: usize,
}

/// Depths of the stacks.
const DEPTHS: [usize; 4] = [2, 8, 32, 128];

/// Returns the root mean square, over samples, of the norm of the gradient before each activation. A bias is added
/// there, so that its gradient for one sample is just that one.
fn norms<N: Deep>(net: N, depth: usize, run: Run) -> Result<Norms, Error> {
    let mut net = net;
    run.weights.fill(&mut net, depth, run.seed)?;
    let (train, _) = digits::split();
    let (_, residual, normalise) = KINDS[run.kind];
    let switches = [[f64::from(residual)], [f64::from(normalise)]];
    let mut squares = vec![0.0; depth];
    for (image, label) in train.images.iter().zip(&train.labels).take(run.samples) {
        let image = image.map(f64::from);
        let (_, gradients) = net.gradients((&image, &switches[0], &switches[1]), &[*label])?;
        for (layer, square) in squares.iter_mut().enumerate() {
            let gradient = gradients.get(&format!("layers.{layer}.bias"))?;
            *square += gradient.as_slice().iter().map(|g| g * g).sum::<f64>() / run.samples as f64;
        }
    }
    Ok(squares.into_iter().map(f64::sqrt).collect())
}

/// Measures a stack.
type Measure = fn(Run) -> Result<Norms, Error>;

/// Returns the measurements of an activation, by depth.
fn of<A: Activation>() -> [Measure; 4] {
    [
        |run| norms(Stack::<A, 2, W>::init(run.seed).cast::<f64>(), 2, run),
        |run| norms(Stack::<A, 8, W>::init(run.seed).cast::<f64>(), 8, run),
        |run| norms(Stack::<A, 32, W>::init(run.seed).cast::<f64>(), 32, run),
        |run| norms(Stack::<A, 128, W>::init(run.seed).cast::<f64>(), 128, run),
    ]
}

/// Returns the factor by which the norm changes from a layer to the one before it: the slope of its logarithm, by least
/// squares.
fn factor(norms: &[f64]) -> f64 {
    let n = norms.len() as f64;
    let mean_layer = (n - 1.0) / 2.0;
    let logs: Vec<f64> = norms.iter().map(|norm| norm.ln()).collect();
    let mean_log = logs.iter().sum::<f64>() / n;
    let offsets = (0..norms.len()).map(|layer| layer as f64 - mean_layer);
    let products: f64 = offsets.clone().zip(&logs).map(|(x, y)| x * (y - mean_log)).sum();
    let squares: f64 = offsets.map(|x| x * x).sum();
    (-products / squares).exp()
}

/// Measures, tabulates and draws.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let samples = scale.pick(4, 32);
    let activations = [of::<Sigmoid>(), of::<Tanh>(), of::<Relu>(), of::<Gelu>(), of::<Silu>()];
    let predicted = |weights: Weights| {
        let variances = weights.variances();
        [
            gradient_factor::<Sigmoid>(variances).1,
            gradient_factor::<Tanh>(variances).1,
            gradient_factor::<Relu>(variances).1,
            gradient_factor::<Gelu>(variances).1,
            gradient_factor::<Silu>(variances).1,
        ]
    };
    let mut plain = Table::new([
        "weights",
        "activation",
        "measured a layer",
        "predicted",
        "first / last of 128",
    ]);
    for weights in Weights::ALL {
        for (i, (name, depths)) in ACTIVATIONS.iter().zip(&activations).enumerate() {
            let runs = scale.seeds().map(|seed| depths[3](Run { kind: 0, weights, seed, samples }));
            let runs: Vec<Norms> = runs.collect::<Result<_, _>>()?;
            let spread = Spread::of(runs.iter().map(|norms| factor(norms)));
            let whole = Spread::of(runs.iter().map(|norms| norms[0] / norms[127]));
            let theory = predicted(weights)[i];
            results.number(format!("vanishing.{}.{name}", weights.name()), spread.middle);
            plain.row([
                weights.name().to_owned(),
                (*name).to_owned(),
                spread.to_string(),
                format!("{theory:.3}"),
                format!("{:.0e}", whole.middle),
            ]);
        }
    }
    let title = "The factor of the gradient's norm from a layer to the one before it, in a plain stack of 128";
    results.table("vanishing_plain", title, plain);

    let header = ["stack", "depth"].into_iter().chain(ACTIVATIONS);
    let mut kinds_table = Table::new(header);
    for (kind, (kind_name, ..)) in KINDS.iter().enumerate() {
        for (depth, layers) in DEPTHS.iter().enumerate() {
            let mut row = vec![(*kind_name).to_owned(), layers.to_string()];
            for (name, depths) in ACTIVATIONS.iter().zip(&activations) {
                let weights = Weights::Default;
                let ratios = scale.seeds().map(|seed| {
                    let norms = depths[depth](Run { kind, weights, seed, samples })?;
                    Ok(norms[0] / norms[layers - 1])
                });
                let ratio = Spread::of(ratios.collect::<Result<Vec<f64>, Error>>()?).middle;
                results.number(format!("vanishing.{kind_name}.{layers}.{name}"), ratio);
                row.push(format!("{ratio:.1e}"));
            }
            kinds_table.row(row);
        }
    }
    let title = "The gradient's norm in the first layer over that in the last, at PyTorch's default weights";
    results.table("vanishing_kinds", title, kinds_table);
    Ok(())
}
