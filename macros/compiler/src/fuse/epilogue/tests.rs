use super::*;
use crate::fuse::tests::compiled;
use crate::pass::Pass;

/// Returns the names of all steps, those of an iteration after their loop.
fn steps(pass: &Pass) -> String {
    let mut names = Vec::new();
    crate::fuse::visit(&pass.schedule.steps, &mut |step| {
        let name = |step: &Step| match &step.kind {
            StepKind::Kernel(value) => pass.graph[*value].op.to_string(),
            StepKind::Accumulate { kernel, .. } => format!("+{}", pass.graph[*kernel].op),
            StepKind::Elementwise(members) => format!("loop{}", members.len()),
            StepKind::Number(_) => "number".to_owned(),
            StepKind::Loop { .. } => "iterations".to_owned(),
            StepKind::Product { .. } => "product".to_owned(),
            StepKind::Rows(rows) => format!("rows{}", rows.members.len()),
        };
        names.push(match &step.kind {
            StepKind::Product { product, then } => format!("{}>{}", name(product), name(then)),
            _ => name(step),
        });
    });
    names.join(" ")
}

fn inference(source: &str) -> String {
    steps(&compiled(source).infer)
}

#[test]
fn an_activation_and_a_residual_follow_their_product() {
    assert_eq!(inference("N(x: [7]) -> [7] { x + (x >> Linear(7) >> Gelu) }"), "Dense>loop2");
    let twice = "N(x: [3, 7]) -> [3, 7] { x + (x >> Linear(5) >> Relu >> Linear(7)) }";
    assert_eq!(inference(twice), "Dense>loop1 Dense>loop1");
}

#[test]
fn the_later_of_two_products_is_followed() {
    let gated = "N(x: [3, 7]) -> [3, 5] { (x >> Linear(5) >> Silu) * (x >> Linear(5)) }";
    assert_eq!(inference(gated), "Dense>loop1 Dense>loop1");
    assert_eq!(
        inference("N(x: [7]) -> [5] { (x >> Linear(5)) * (x >> Linear(5)) }"),
        "Dense Dense>loop1"
    );
}

#[test]
fn operands_of_the_rows_are_cut_or_whole() {
    let column = "N(x: [3, 7], mask: [3, 1]) -> [3, 5] { mask * (x >> Linear(5)) }";
    assert_eq!(inference(column), "Dense>loop1");
    let vector = "N(x: [3, 7]) -> [3, 5] { param([5], init = zeros) + 2.0 * tanh(x >> Linear(5)) }";
    assert_eq!(inference(vector), "Dense>loop3");
    // one row per sample, for all of its three rows
    let sample = "N(x: [3, 7], shift: [5]) -> [3, 5] { shift + (x >> Linear(5)) }";
    assert_eq!(inference(sample), "Dense loop1");
    // one row per position, for all samples
    let place = "N(x: [3, 7]) -> [3, 5] { param([3, 5], init = zeros) + (x >> Linear(5)) }";
    assert_eq!(inference(place), "Dense loop1");
    let reshaped = "N(x: [3, 7]) -> [5, 3] { tanh(reshape(x >> Linear(5), [5, 3])) }";
    assert_eq!(inference(reshaped), "Dense loop1");
}

#[test]
fn what_needs_the_whole_result_comes_between() {
    let source = "N(x: [3, 7]) -> [3, 5] { let y = x >> Linear(5); y * mean(y, axis = 0) }";
    assert!(!inference(source).contains('>'), "{}", inference(source));
}

#[test]
fn what_an_iteration_reads_is_written_over_by_the_next() {
    let source = "N(x: [9, 3]) -> [3] {
        let mut h = x[0];
        for a in x { h = tanh(a + (h >> Linear(3))); }
        h
    }";
    assert!(!inference(source).contains('>'), "{}", inference(source));
    let deep = "N(x: [3]) -> [3] {
        let mut x = x;
        for _ in 0..4 { x = x + (x >> Linear(7) >> Relu >> Linear(3)); }
        x
    }";
    assert!(inference(deep).contains("iterations Dense>loop1"), "{}", inference(deep));
}

#[test]
fn a_slope_follows_the_gradient_of_an_input() {
    let source = "N(x: [3, 7]) -> [3, 5] { x >> Linear(9) >> Gelu >> Linear(5) } loss mse";
    let train = compiled(source).train.unwrap();
    assert!(steps(&train).contains("InputGradient>loop1"), "{}", steps(&train));
}

/// The product's result needs no memory of its own if the loop writes over it.
#[test]
fn a_loop_writes_over_the_result() {
    let pass = compiled("N(x: [7]) -> [7] { x + (x >> Linear(7) >> Gelu) }").infer;
    let [Step { kind: StepKind::Product { product, then }, .. }] = &pass.schedule.steps[..] else {
        panic!("{}", steps(&pass));
    };
    assert_eq!(pass.plan.replaces[&then.writes[0]], product.writes[0]);
    assert!(pass.plan.slots.is_empty(), "{:?}", pass.plan.slots);
}
