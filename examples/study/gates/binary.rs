//! Binary cross entropy from logits, and from probabilities.

use crate::study::{Results, Table};
use monograd::plot::Chart;
use monograd::prelude::*;
use monograd_examples::Outcome;

// ANCHOR: network
network! {
    /// A logit. The parameter is there to have a gradient.
    Logit(x: [1]) -> [1] { x + param([1], init = zeros) }
    loss bce_with_logits
}
// ANCHOR_END: network

/// Returns log(1 + e^x), in double precision and without overflow.
fn exact_loss(x: f32) -> f64 {
    let x = f64::from(x);
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Returns sigmoid(x) in single precision, as its definition reads.
fn probability(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Tabulates the losses, and the gradients, of logits whose target is 0.
pub fn run(results: &mut Results) -> Outcome {
    let net = Logit::init(0);
    let mut table = Table::new([
        "logit",
        "exact loss",
        "bce_with_logits",
        "-log(1 - sigmoid(x))",
        "gradient, exact",
        "bce_with_logits",
        "sigmoid'(x) / (1 - sigmoid(x))",
    ]);
    for x in [-20.0_f32, -5.0, 0.0, 5.0, 10.0, 16.0, 17.0, 40.0, 100.0] {
        let exact = exact_loss(x);
        let slope = 1.0 / (1.0 + (-f64::from(x)).exp());
        let p = probability(x);
        let (loss, gradients) = net.gradients(&[x], &[0.0])?;
        let gradient = gradients.iter().next().map_or(f32::NAN, |gradient| gradient.as_slice()[0]);
        let as_told = -(1.0 - p).ln();
        for (name, loss) in [("logits", loss), ("probability", as_told)] {
            results.number(format!("binary.{x}.{name}"), f64::from(loss));
        }
        table.row([
            x.to_string(),
            format!("{exact:.6e}"),
            format!("{loss:.6e}"),
            format!("{as_told:.6e}"),
            format!("{slope:.6e}"),
            format!("{gradient:.6e}"),
            format!("{:.6e}", p * (1.0 - p) / (1.0 - p)),
        ]);
    }
    let title = "Loss and gradient of a logit whose target is 0, in single precision";
    results.table("gates_binary", title, table);
    let (mut library, mut naive) = (Vec::new(), Vec::new());
    for x in (-400..=400).map(|i| i as f32 / 20.0) {
        let exact = exact_loss(x);
        let error = |loss: f32| ((f64::from(loss) - exact) / exact).abs().max(1e-9);
        library.push((f64::from(x), error(net.loss(&[x], &[0.0])?)));
        naive.push((f64::from(x), error(-(1.0 - probability(x)).ln())));
    }
    let chart = Chart::new("Relative error of the binary cross entropy of target 0")
        .x_label("logit")
        .y_label("relative error")
        .log_y()
        .line("-log(1 - sigmoid(x))", naive)
        .line("bce_with_logits", library);
    results.figure("gates_binary", chart.svg());
    Ok(())
}
