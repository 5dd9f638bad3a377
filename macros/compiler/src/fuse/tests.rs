use super::{RowPass, Rows, Step, StepKind, fuse};
use crate::check::{Networks, check_among};
use crate::differentiate::differentiate;
use crate::ir::{Direction, Graph, Root, Value};
use crate::pass::Passes;
use crate::report::Report;

const LAYER_NORM: &str = "
    let weight = param([D], init = ones);
    let bias = param([D], init = zeros);
    let centred = h - mean(h, axis = -1, keepdim = true);
    let variance = mean(square(centred), axis = -1, keepdim = true);
    let y = centred * rsqrt(variance + 1e-5) * weight + bias;";

const SOFTMAX: &str = "
    let e = exp(h - max(h, axis = -1, keep = true));
    let y = e / sum(e, axis = -1, keep = true);";

const RMS: &str = "let y = h * rsqrt(mean(square(h), axis = -1, keep = true) + 1e-5);";

/// Compiles a network.
pub(crate) fn compiled(source: &str) -> Passes {
    let mut report = Report::default();
    let file = crate::parse::parse(source.parse().unwrap(), &mut report);
    let networks = Networks::new(&file.networks);
    let program = check_among(&file.networks[0], &networks, &mut report);
    assert!(report.is_empty(), "{source}: {}", report.tokens());
    crate::passes(&file.networks[0], &program.unwrap())
}

/// Compiles `body`, from `h` to `y` between two products, for long rows. Returns the graph, its
/// steps and `h`.
fn fused(body: &str, train: bool) -> (Graph, Vec<Step>, Value) {
    fused_at(512.0, body, train)
}

/// Does the same for rows of this length.
fn fused_at(len: f64, body: &str, train: bool) -> (Graph, Vec<Step>, Value) {
    let source = format!(
        "Net<const D: usize>(x: [dyn T, D]) -> [T, 1] {{
            let h = x >> Linear(D); {body} y >> Linear(1)
        }}
        loss mse"
    );
    let mut report = Report::default();
    let file = crate::parse::parse(source.parse().unwrap(), &mut report);
    let networks = Networks::new(&file.networks);
    let program = check_among(&file.networks[0], &networks, &mut report).unwrap();
    let (mut graph, loss) = (program.graph.clone(), program.loss.unwrap());
    let mut roots = vec![Root::Loss(loss)];
    if train {
        let gradients = differentiate(&program, &mut graph, loss);
        roots.extend(gradients.into_iter().map(Root::Gradient));
    }
    let h = graph.values().find(|value| graph[*value].op.to_string().starts_with("Dense")).unwrap();
    let steps = fuse(&graph, &roots, &|_| len).steps;
    (graph, steps, h)
}

/// Returns the steps of a pass, except products, that read or write a value of the type of `h`.
fn large(graph: &Graph, steps: &[Step], h: Value, pass: Direction) -> Vec<Step> {
    let is_large = |value: &Value| graph.ty(*value) == graph.ty(h);
    let is_product = |step: &Step| match step.kind {
        StepKind::Kernel(value) => !graph[value].op.to_string().starts_with("Sum"),
        _ => false,
    };
    let here = |step: &&Step| graph[step.kind.values()[0]].direction == pass && !is_product(step);
    let touches = |step: &&Step| step.reads.iter().chain(&step.writes).any(is_large);
    steps.iter().filter(here).filter(touches).cloned().collect()
}

#[test]
fn a_normalisation_reads_its_input_once() {
    for body in [LAYER_NORM, SOFTMAX, RMS] {
        let (graph, steps, h) = fused(body, false);
        let steps = large(&graph, &steps, h, Direction::Forward);
        let [Step { kind: StepKind::Rows(_), reads, writes }] = &steps[..] else {
            panic!("{steps:?}\n{graph}")
        };
        assert!(reads.contains(&h) && writes.len() == 1, "{body}");
    }
}

#[test]
fn what_takes_long_for_short_rows_comes_after_their_loop() {
    let body = LAYER_NORM.replace("y = ", "y = tanh(").replace("bias;", "bias);");
    let (graph, steps, h) = fused_at(64.0, &body, false);
    let steps = large(&graph, &steps, h, Direction::Forward);
    let [Step { kind: StepKind::Rows(rows), reads, writes }, rest] = &steps[..] else {
        panic!("{steps:?}\n{graph}")
    };
    assert!(reads.contains(&h) && !rest.reads.contains(&h), "{graph}");
    assert!(rows.members.contains(&writes[0]) && rest.reads == *writes, "{graph}");
    let StepKind::Elementwise(members) = &rest.kind else { panic!("{rest:?}") };
    assert_eq!(members.len(), 1, "{graph}");
    // in long rows, which are better read once, everything is one loop
    let (graph, steps, h) = fused(&body, false);
    assert_eq!(large(&graph, &steps, h, Direction::Forward).len(), 1, "{graph}");
}

#[test]
fn so_does_its_gradient() {
    // the sums over all rows, of the gradients of shared values, are steps beside it
    for (body, sums) in [(LAYER_NORM, 2), (RMS, 0)] {
        let (graph, steps, h) = fused(body, true);
        assert_eq!(large(&graph, &steps, h, Direction::Forward).len(), 1, "{body}");
        let steps = large(&graph, &steps, h, Direction::Backward);
        let rows = |step: &&Step| matches!(step.kind, StepKind::Rows(_));
        assert_eq!(steps.iter().filter(rows).count(), 1, "{steps:?}\n{graph}");
        assert_eq!(steps.len(), 1 + sums, "{steps:?}\n{graph}");
    }
}

#[test]
fn passes_follow_what_they_need() {
    let passes = |body: &str| {
        let (graph, steps, h) = fused(body, false);
        match &large(&graph, &steps, h, Direction::Forward)[0].kind {
            StepKind::Rows(rows) => rows.clone(),
            other => panic!("{other:?}"),
        }
    };
    let sizes = |rows: &Rows| -> Vec<[usize; 3]> {
        let size = |pass: &RowPass| [&pass.singles, &pass.stores, &pass.reductions].map(Vec::len);
        rows.passes.iter().map(size).collect()
    };
    // the sum; the sum of squares about the mean; the result, of a root and its inverse
    assert_eq!(sizes(&passes(LAYER_NORM)), [[0, 0, 1], [1, 0, 1], [4, 1, 0]]);
    // the maximum; the exponentials, stored temporarily in the row of the result, and their sum;
    // the result
    let softmax = passes(SOFTMAX);
    assert_eq!(sizes(&softmax), [[0, 0, 1], [0, 1, 1], [0, 1, 0]]);
    assert_eq!(softmax.scratch_row.len(), 1);
}
