//! Experiment 6: the cost of an activation. Time of an element, alone and fused after a product, and error in ulp.

use crate::study::timing::{least_seconds, on_one_thread};
use crate::study::{Results, Scale, Table, practice};
use monograd::plot::Bars;
use monograd::prelude::*;
use monograd_examples::Outcome;
use std::hint::black_box;

// ANCHOR: networks
network! {
    /// An activation of 4,096 numbers. The parameter is there to have a gradient.
    pub Alone<A: Activation>(x: [4096]) -> [4096] {
        let shift = param([4096], init = zeros);
        A(x + shift)
    }
    loss |y, factor: [4096]| sum(y * factor)

    /// An activation after a product, in whose loop it is fused.
    pub Fused<A: Activation>(x: [256]) -> [256] {
        x >> Linear(256) >> A
    }
    loss |y, factor: [256]| sum(y * factor)
}
// ANCHOR_END: networks

/// Number of times that an activation and none take turns.
const ROUNDS: usize = 5;

/// Returns the seconds of a forward pass, and of a step of training, for `samples` samples of `size` numbers.
fn times<N>(mut net: N, size: usize, samples: usize, repeats: usize) -> Result<[f64; 2], Error>
where
    N: Supervised<f32, f32>,
{
    let x: Vec<f32> = (0..samples * size).map(|i| ((i * 37) % 1000) as f32 / 100.0 - 5.0).collect();
    let factor: Vec<f32> = x.iter().rev().map(|x| 0.1 * x).collect();
    let mut workspace = net.workspace(samples);
    let forward = least_seconds(repeats, || {
        black_box(net.forward_into(&x, &mut workspace)?);
        Ok(())
    })?;
    let mut optimizer = Sgd::new(0.0);
    let step = least_seconds(repeats, || net.train_step(&x, &factor, &mut optimizer).map(drop))?;
    Ok([forward, step])
}

/// Returns the times of an activation: alone, and after a product.
fn of<A: Activation>(repeats: usize) -> Result<[[f64; 2]; 2], Error> {
    Ok([
        times(Alone::<A>::init(1), 4096, 4, repeats)?,
        times(Fused::<A>::init(1), 256, 64, repeats)?,
    ])
}

/// Returns the distance of a number from the exact one, in units of the last place of single precision.
fn ulps(value: f32, exact: f64) -> f64 {
    let nearest = (exact as f32).abs().max(f32::MIN_POSITIVE);
    let ulp = f64::from(f32::from_bits(nearest.to_bits() + 1) - nearest);
    (f64::from(value) - exact).abs() / ulp
}

/// Returns the largest error of value and slope for numbers from -10 to 10, in units of the last place, and that of the
/// slope as a difference: where an activation saturates, its slope is computed from a value near 1, so that few of its
/// digits are right, but they are far behind the point.
fn errors<A: Activation>(points: u32) -> [f64; 3] {
    let mut largest = [0.0_f64; 3];
    for i in 0..=points {
        let x = (f64::from(i) / f64::from(points) * 20.0 - 10.0) as f32;
        let (value, slope) = A::forward_and_derivative(x);
        let (exact, exact_slope) = A::forward_and_derivative(f64::from(x));
        largest[0] = largest[0].max(ulps(value, exact));
        largest[1] = largest[1].max(ulps(slope, exact_slope));
        largest[2] = largest[2].max((f64::from(slope) - exact_slope).abs());
    }
    largest
}

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let repeats = scale.pick(50, 2000);
    let points = scale.pick(10_000, 2_000_000);
    type Times = fn(usize) -> Result<[[f64; 2]; 2], Error>;
    type Errors = fn(u32) -> [f64; 3];
    macro_rules! activations {
        ($($name:literal $activation:ty),+ $(,)?) => {
            [$(($name, of::<$activation> as Times, errors::<$activation> as Errors)),+]
        };
    }
    let activations = activations![
        "ReLU" Relu, "sigmoid" Sigmoid, "tanh" Tanh, "GELU" Gelu, "GELU (tanh)" GeluTanh, "SiLU" Silu,
        "Mish" Mish, "hard sigmoid" HardSigmoid,
    ];
    let mut table = Table::new([
        "activation",
        "alone, forward",
        "alone, a step",
        "fused, forward",
        "fused, a step",
        "error (ulp)",
        "error of the slope (ulp)",
        "as a difference",
    ]);
    let mut bars = (Vec::new(), [Vec::new(), Vec::new()]);
    for (name, measure, errors) in activations {
        // in turns with no activation, on one thread
        let rounds = on_one_thread(|| {
            let round = |_| Ok([measure(repeats / ROUNDS)?, of::<Identity>(repeats / ROUNDS)?]);
            (0..ROUNDS).map(round).collect::<Outcome<Vec<_>>>()
        })?;
        let least = |side: usize, place: usize, pass: usize| {
            let times = rounds.iter().map(|round| round[side][place][pass]);
            times.fold(f64::INFINITY, f64::min)
        };
        let mut row = vec![name.to_owned()];
        let places = [("alone", 4.0 * 4096.0), ("fused", 64.0 * 256.0)];
        bars.0.push(name);
        for (place, (place_name, numbers)) in places.into_iter().enumerate() {
            for (pass, pass_name) in ["forward", "step"].into_iter().enumerate() {
                let added = least(0, place, pass) - least(1, place, pass);
                let nanoseconds = 1e9 * added / numbers;
                results.number(format!("cost.{place_name}.{pass_name}.{name}"), nanoseconds);
                row.push(format!("{nanoseconds:.2}"));
                if pass_name == "step" {
                    bars.1[place].push(nanoseconds);
                }
            }
        }
        let [value, slope, difference] = errors(points);
        results.number(format!("cost.ulp.{name}"), value);
        results.number(format!("cost.ulp.slope.{name}"), slope);
        results.number(format!("cost.difference.slope.{name}"), difference);
        row.extend([value, slope].map(|ulps| format!("{ulps:.1}")));
        row.push(format!("{difference:.0e}"));
        table.row(row);
    }
    let title =
        "Nanoseconds an element that an activation adds, and its largest error from -10 to 10";
    results.table("cost", title, table);
    let (names, [alone, fused]) = bars;
    let chart = Bars::new("A step of training: what an activation adds", names)
        .series("alone", alone)
        .series("after a product", fused)
        .value_label("nanoseconds an element");
    results.figure("cost", chart.svg());
    practice::times(scale, results)
}
