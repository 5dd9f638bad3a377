//! Norms of gradients by layer, at the initial weights.

use super::theory::gradient_factor;
use super::{ACTIVATIONS, KINDS, W, Weights};
use crate::study::{Results, Scale, Spread, Table, side_by_side};
use monograd::plot::Chart;
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;

// ANCHOR: network
network! {
    /// The stack with a number more: a layer that is not `present` passes on what it is given, so that one network has all
    /// depths up to `DEPTH`.
    pub Cut<A: Activation, const DEPTH: usize, const W: usize>(
        image: [64],
        residual: [],
        normalise: [],
        present: [DEPTH],
    ) -> [10] {
        let embed = Linear(W);
        let head = Linear(10);
        let mut h = image >> embed;
        for i in 0..DEPTH {
            let norm = LayerNorm();
            #[name = "layers.{i}"]
            let fc = Linear(W);
            let read = normalise * (h >> norm) + (1 - normalise) * h;
            let next = residual * h + (read >> fc >> A);
            h = present[i] * next + (1 - present[i]) * h;
        }
        h >> head
    }
    loss cross_entropy
}
// ANCHOR_END: network

/// The largest depth.
const DEEPEST: usize = 128;
const DEPTHS: [usize; 4] = [2, 8, 32, DEEPEST];

/// The norm of the gradient before the activation of each layer, first layer first.
type Norms = Vec<f64>;

/// A stack to be measured.
#[derive(Clone, Copy)]
struct Run {
    kind: usize,
    depth: usize,
    weights: Weights,
    seed: u64,
    samples: usize,
}

/// Returns the root mean square, over samples, of the norm of the gradient before each activation. A bias is added
/// there, so that its gradient for one sample is just that one. In double precision, in which 1e-140 still is a number.
fn norms<A: Activation>(run: Run) -> Result<Norms, Error> {
    let mut net = Cut::<A, DEEPEST, W>::init(run.seed).cast::<f64>();
    run.weights.fill(&mut net, run.depth, run.seed)?;
    let (train, _) = digits::split();
    let (_, residual, normalise) = KINDS[run.kind];
    let (residual, normalise) = ([f64::from(residual)], [f64::from(normalise)]);
    let present: [f64; DEEPEST] = std::array::from_fn(|layer| f64::from(layer < run.depth));
    let mut squares = vec![0.0; run.depth];
    for (image, label) in train.images.iter().zip(&train.labels).take(run.samples) {
        let image = image.map(f64::from);
        let inputs = (&image, &residual, &normalise, &present);
        let (_, gradients) = net.gradients(inputs, &[*label])?;
        for (layer, square) in squares.iter_mut().enumerate() {
            let gradient = gradients.get(&format!("layers.{layer}.bias"))?;
            *square += gradient.as_slice().iter().map(|g| g * g).sum::<f64>() / run.samples as f64;
        }
    }
    Ok(squares.into_iter().map(f64::sqrt).collect())
}

/// Measures a stack.
type Measure = fn(Run) -> Result<Norms, Error>;

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
    let activations: [Measure; 5] =
        [norms::<Sigmoid>, norms::<Tanh>, norms::<Relu>, norms::<Gelu>, norms::<Silu>];
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
        for (i, (name, norms)) in ACTIVATIONS.iter().zip(&activations).enumerate() {
            let run = |seed| Ok(norms(Run { kind: 0, depth: DEEPEST, weights, seed, samples })?);
            let runs = side_by_side(0..scale.seeds(), run)?;
            let spread = Spread::of(runs.iter().map(|norms| factor(norms)));
            let whole = Spread::of(runs.iter().map(|norms| norms[0] / norms[127]));
            let theory = predicted(weights)[i];
            let key = format!("vanishing.{}.{name}", weights.name());
            results.spread(&key, spread);
            results.number(format!("{key}.predicted"), theory);
            results.number(format!("{key}.whole"), whole.middle);
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
    for (name, kind) in [("plain", 0), ("both", 3)] {
        let title = match kind {
            0 => "128 layers, one upon the other",
            _ => "128 layers with residual connections and normalisation",
        };
        let mut chart = Chart::new(title).x_label("layer").y_label("norm of the gradient").log_y();
        for (activation, norms) in ACTIVATIONS.iter().zip(&activations) {
            let weights = Weights::Default;
            let norms = norms(Run { kind, depth: DEEPEST, weights, seed: 0, samples })?;
            let points = norms.iter().enumerate().map(|(layer, norm)| ((layer + 1) as f64, *norm));
            chart = chart.line(*activation, points);
        }
        results.figure(&format!("vanishing_{name}"), chart.svg());
    }

    let header = ["stack", "depth"].into_iter().chain(ACTIVATIONS);
    let mut kinds_table = Table::new(header);
    for (kind, (kind_name, ..)) in KINDS.iter().enumerate() {
        for depth in DEPTHS {
            let mut row = vec![(*kind_name).to_owned(), depth.to_string()];
            for (name, norms) in ACTIVATIONS.iter().zip(&activations) {
                let weights = Weights::Default;
                let ratios = side_by_side(0..scale.seeds(), |seed| {
                    let norms = norms(Run { kind, depth, weights, seed, samples })?;
                    Ok(norms[0] / norms[depth - 1])
                })?;
                let ratio = Spread::of(ratios);
                results.spread(format!("vanishing.{kind_name}.{depth}.{name}"), ratio);
                row.push(format!("{:.1e}", ratio.middle));
            }
            kinds_table.row(row);
        }
    }
    let title = "The gradient's norm in the first layer over that in the last, at PyTorch's default weights";
    results.table("vanishing_kinds", title, kinds_table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured in a stack of 128 layers, against the prediction for infinitely wide ones.
    #[test]
    fn layers_shrink_gradients_as_predicted() {
        let weights = Weights::Default;
        let run = Run { kind: 0, depth: DEEPEST, weights, seed: 1, samples: 1 };
        let compare = |norms: Measure, predicted: f64| {
            let measured = factor(&norms(run).unwrap());
            assert!((measured / predicted - 1.0).abs() < 0.05, "{measured} and {predicted}");
            measured
        };
        let variances = weights.variances();
        let sigmoid = compare(norms::<Sigmoid>, gradient_factor::<Sigmoid>(variances).1);
        let tanh = compare(norms::<Tanh>, gradient_factor::<Tanh>(variances).1);
        let relu = compare(norms::<Relu>, gradient_factor::<Relu>(variances).1);
        let gelu = compare(norms::<Gelu>, gradient_factor::<Gelu>(variances).1);
        assert!(sigmoid < gelu && gelu < relu && relu < tanh && tanh < 0.6, "{sigmoid} {tanh}");
    }

    /// With residual connections and normalisation, the sigmoid's gradient passes 128 layers.
    #[test]
    fn residuals_and_normalisation_let_gradients_through() {
        let run = Run { kind: 3, depth: DEEPEST, weights: Weights::Default, seed: 1, samples: 1 };
        let norms = norms::<Sigmoid>(run).unwrap();
        assert!((0.1..20.0).contains(&(norms[0] / norms[DEEPEST - 1])), "{norms:?}");
    }
}
