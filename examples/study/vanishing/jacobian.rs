//! Singular values of the Jacobian matrix of a stack: the factors by which it stretches small changes of its input, one
//! for each direction, and by which it shrinks gradients on their way back. Where all are near 1, a stack is a dynamical
//! isometry (Saxe et al. 2014, arXiv 1312.6120; Pennington et al. 2017, arXiv 1711.04735).

use super::{ACTIVATIONS, W, Weights};
use crate::study::{Results, Scale, Spread, Table, side_by_side};
use monograd::plot::Chart;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use nalgebra::DMatrix;

// ANCHOR: network
network! {
    /// The layers of a stack alone, of which those count that are `present`.
    #[input_gradients]
    pub Passes<A: Activation, const DEPTH: usize, const W: usize>(
        x: [W],
        present: [DEPTH],
    ) -> [W] {
        let mut h = x;
        for i in 0..DEPTH {
            #[name = "layers.{i}"]
            let fc = Linear(W);
            h = present[i] * (h >> fc >> A) + (1 - present[i]) * h;
        }
        h
    }
}
// ANCHOR_END: network

const DEEPEST: usize = 128;
const DEPTHS: [usize; 4] = [2, 8, 32, DEEPEST];
/// The depth of the table and of the figure.
const SHOWN: usize = 32;
/// A direction counts as passed on if its singular value is at least this part of the largest.
const PASSED: f64 = 0.01;

/// A stack to be measured.
#[derive(Clone, Copy)]
struct Run {
    depth: usize,
    weights: Weights,
    seed: u64,
}

/// Returns the singular values, largest first, at an input of random numbers with variance 1.
fn singular_values<A: Activation>(run: Run) -> Outcome<Vec<f64>> {
    let mut net = Passes::<A, DEEPEST, W>::init(run.seed).cast::<f64>();
    run.weights.fill(&mut net, DEEPEST, run.seed)?;
    let mut random = Philox::new(run.seed).stream(9);
    let x: [f64; W] = std::array::from_fn(|_| random.normal());
    let present: [f64; DEEPEST] = std::array::from_fn(|layer| f64::from(layer < run.depth));
    // a row of the Jacobian matrix from each copy of the sample
    let identity: Vec<f64> = DMatrix::<f64>::identity(W, W).as_slice().to_vec();
    let (rows, _) = net.vjp((&[x; W], &[present; W]), &identity)?;
    let mut values = DMatrix::from_row_slice(W, W, rows.as_slice()).singular_values();
    values.as_mut_slice().sort_by(|a, b| b.total_cmp(a));
    Ok(values.as_slice().to_vec())
}

/// Returns the share of directions that are passed on.
fn passed(values: &[f64]) -> f64 {
    let count = values.iter().filter(|value| **value >= PASSED * values[0]).count();
    count as f64 / values.len() as f64
}

type Measure = fn(Run) -> Outcome<Vec<f64>>;

/// Measures, tabulates and draws.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let activations: [Measure; 5] = [
        singular_values::<Sigmoid>,
        singular_values::<Tanh>,
        singular_values::<Relu>,
        singular_values::<Gelu>,
        singular_values::<Silu>,
    ];
    let depths = DEPTHS.map(|depth| format!("{} %: {depth} layers", 100.0 * PASSED));
    let header = ["weights", "activation"].into_iter().map(str::to_owned);
    let header =
        header.chain([format!("largest, {SHOWN} layers"), format!("median, {SHOWN} layers")]);
    let mut table = Table::new(header.chain(depths));
    let mut chart = Chart::new(format!("Singular values of the Jacobian matrix of {SHOWN} layers"))
        .x_label("singular value, largest first")
        .y_label("factor")
        .log_y();
    let drawn = [
        (Weights::Orthogonal, "tanh"),
        (Weights::Xavier, "tanh"),
        (Weights::OrthogonalKaiming, "ReLU"),
        (Weights::Kaiming, "ReLU"),
        (Weights::Orthogonal, "sigmoid"),
    ];
    for weights in Weights::ALL {
        for (name, measure) in ACTIVATIONS.iter().zip(&activations) {
            let key = format!("jacobian.{}.{name}", weights.name());
            let mut row = vec![weights.name().to_owned(), (*name).to_owned()];
            let mut shares = Vec::new();
            for depth in DEPTHS {
                let runs =
                    side_by_side(0..scale.seeds(), |seed| measure(Run { depth, weights, seed }))?;
                let share = Spread::of(runs.iter().map(|values| passed(values)));
                results.spread(format!("{key}.{depth}.passed"), share);
                shares.push(format!("{:.0} %", 100.0 * share.middle));
                if depth != SHOWN {
                    continue;
                }
                let largest = Spread::of(runs.iter().map(|values| values[0]));
                let median =
                    Spread::of(runs.iter().map(|values| Spread::of(values.iter().copied()).middle));
                results.spread(format!("{key}.{depth}.largest"), largest);
                results.spread(format!("{key}.{depth}.median"), median);
                row.extend([largest, median].map(|spread| format!("{:.1e}", spread.middle)));
                if drawn.contains(&(weights, *name)) {
                    // what is smaller is rounding
                    let exact = runs[0].iter().take_while(|value| **value >= 1e-15 * runs[0][0]);
                    let points =
                        exact.enumerate().map(|(place, value)| ((place + 1) as f64, *value));
                    chart = chart.line(format!("{name}, {}", weights.name()), points);
                }
            }
            row.extend(shares);
            table.row(row);
        }
    }
    let title = format!(
        "Singular values of the Jacobian matrix of a plain stack: the largest, the median, and the share of directions \
         that keep at least {} % of the largest factor",
        100.0 * PASSED
    );
    results.table("vanishing_jacobian", &title, table);
    results.figure("vanishing_jacobian", chart.svg());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orthogonal weights keep all directions through tanh, while those of `ReLU`'s are lost by and by.
    #[test]
    fn orthogonal_weights_are_an_isometry_for_tanh_only() {
        let run = |weights| Run { depth: SHOWN, weights, seed: 1 };
        let tanh = singular_values::<Tanh>(run(Weights::Orthogonal)).unwrap();
        let gaussian = singular_values::<Tanh>(run(Weights::Xavier)).unwrap();
        let relu = singular_values::<Relu>(run(Weights::OrthogonalKaiming)).unwrap();
        assert!(passed(&tanh) > 0.9 && passed(&gaussian) < 0.6 && passed(&relu) < 0.6);
        assert!(tanh[0] < 1.0 + 1e-9, "tanh's slope is at most 1: {}", tanh[0]);
    }
}
