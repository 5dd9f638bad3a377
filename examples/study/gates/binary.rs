//! Binary cross entropy from logits, and from probabilities.

use crate::study::{Results, Table};
use monograd::prelude::*;
use monograd_examples::Outcome;

// ANCHOR: network
network! {
    /// A logit. The parameter is there to have a gradient.
    Logit(x: [1]) -> [1] { x + param([1], init = zeros) }
    loss bce_with_logits
}
// ANCHOR_END: network

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
        let wide = f64::from(x);
        // log(1 + e^x), without overflow
        let exact = wide.max(0.0) + (-wide.abs()).exp().ln_1p();
        let slope = 1.0 / (1.0 + (-wide).exp());
        let p = 1.0 / (1.0 + (-x).exp());
        let (loss, gradients) = net.gradients(&[x], &[0.0])?;
        let gradient = gradients.iter().next().map_or(f32::NAN, |gradient| gradient.as_slice()[0]);
        table.row([
            x.to_string(),
            format!("{exact:.6e}"),
            format!("{loss:.6e}"),
            format!("{:.6e}", -(1.0 - p).ln()),
            format!("{slope:.6e}"),
            format!("{gradient:.6e}"),
            format!("{:.6e}", p * (1.0 - p) / (1.0 - p)),
        ]);
    }
    let title = "Loss and gradient of a logit whose target is 0, in single precision";
    results.table("gates_binary", title, table);
    Ok(())
}
