//! The path of two weights that have to move in opposite directions, with inputs that are all positive and with the same
//! inputs around zero.

use crate::study::{Results, Scale, Spread, Table, side_by_side};
use monograd::plot::Chart;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;

// ANCHOR: network
network! {
    /// A neuron with two weights.
    pub Neuron(x: [2]) -> [1] {
        let weights = Linear(1, bias = false);
        x >> weights
    }
    loss mse
}
// ANCHOR_END: network

/// The weights that give the targets.
const GOAL: [f64; 2] = [1.0, -1.0];
/// The path ends this near to the goal.
const NEAR: f64 = 0.1;
const MOST_STEPS: usize = 20_000;

/// Returns the weights after each step of gradient descent from (0, 0), until they are near the goal. The inputs are uniform
/// in an interval of length 1 from `lowest`.
fn path(lowest: f64, batch: usize, rate: f64, seed: u64) -> Result<Vec<[f64; 2]>, Error> {
    let mut random = Philox::new(seed).stream(3);
    let mut net = Neuron::init(seed).cast::<f64>();
    net.parameters_mut().get("weights.weight")?.fill(0.0);
    let mut optimizer = Sgd::new(rate);
    let mut path = vec![[0.0, 0.0]];
    for _ in 0..MOST_STEPS {
        let x: Vec<[f64; 2]> =
            (0..batch).map(|_| [0, 1].map(|_| lowest + random.uniform())).collect();
        let y: Vec<f64> = x.iter().map(|x| GOAL[0] * x[0] + GOAL[1] * x[1]).collect();
        net.train_step(&x, &y, &mut optimizer)?;
        let parameters = net.parameters();
        let weights = parameters.get("weights.weight")?;
        let &[a, b] = weights.as_slice() else { unreachable!("two weights") };
        path.push([a, b]);
        if (a - GOAL[0]).hypot(b - GOAL[1]) < NEAR {
            break;
        }
    }
    Ok(path)
}

/// Returns the length of a path over the distance of its ends.
fn detour(path: &[[f64; 2]]) -> f64 {
    let distance = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let length: f64 = path.windows(2).map(|ends| distance(ends[0], ends[1])).sum();
    length / distance(path[0], path[path.len() - 1])
}

/// Measures and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let rates = scale.pick(&[0.5][..], &[0.1, 0.2, 0.5, 1.0, 1.5][..]);
    let mut chart =
        Chart::new("Two weights on their way from (0, 0) to (1, -1), one sample a step")
            .x_label("first weight")
            .y_label("second weight");
    let mut table = Table::new(["inputs", "batch", "learning rate", "steps", "path / distance"]);
    for (name, lowest) in [("0 to 1", 0.0), ("-1/2 to 1/2", -0.5)] {
        for batch in [1, 16] {
            let mut best: Option<(f64, Spread, Spread)> = None;
            for rate in rates {
                let paths =
                    side_by_side(0..scale.seeds(), |seed| Ok(path(lowest, batch, *rate, seed)?))?;
                let steps = Spread::of(paths.iter().map(|path| (path.len() - 1) as f64));
                let detours = Spread::of(paths.iter().map(|path| detour(path)));
                if best.is_none_or(|(_, fewest, _)| steps.middle < fewest.middle) {
                    best = Some((*rate, steps, detours));
                }
            }
            let (rate, steps, detours) = best.expect("a learning rate");
            if batch == 1 {
                let points = path(lowest, batch, rate, 0)?;
                chart = chart.line(format!("inputs {name}"), points.iter().map(|[a, b]| (*a, *b)));
            }
            results.spread(format!("path.{name}.{batch}.steps"), steps);
            results.spread(format!("path.{name}.{batch}.detour"), detours);
            table.row([
                name.to_owned(),
                batch.to_string(),
                rate.to_string(),
                format!("{steps:.0}"),
                format!("{detours:.2}"),
            ]);
        }
    }
    let title = "Two weights on their way from (0, 0) to (1, -1), at the learning rate with the fewest steps";
    results.table("centring_path", title, table);
    results.figure("centring_path", chart.svg());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_inputs_lead_astray() {
        let (positive, centred) = (path(0.0, 1, 0.5, 1).unwrap(), path(-0.5, 1, 0.5, 1).unwrap());
        assert!(detour(&positive) > 1.5 && detour(&centred) < 1.3);
    }
}
