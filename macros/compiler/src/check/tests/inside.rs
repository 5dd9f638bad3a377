use super::*;
use crate::ir::{Op, Root};
use crate::trace::Role;

#[test]
fn class_numbers_have_no_gradient() {
    let problems = wrong("#[input_gradients] Net(x: u32[4]) -> [4, 3] { x >> Embedding(5, 3) }");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("every input of `Net` holds class numbers (`u32`)"),
        "{problems:?}"
    );
    // one real input is enough
    sound("#[input_gradients] Net(x: u32[4], y: [4, 3]) -> [4, 3] { y + (x >> Embedding(5, 3)) }");
}

#[test]
fn attributes_that_ask_take_nothing() {
    for attribute in ["#[inspect(deep)]", "#[input_gradients = true]"] {
        let source = format!("{attribute} Net(x: [4]) -> [3] {{ x >> Linear(3) }}");
        let mut report = Report::default();
        crate::parse::parse(source.parse().unwrap(), &mut report);
        assert_eq!(report.problems().len(), 1, "{attribute}");
    }
}

#[test]
fn values_are_named_without_their_loops() {
    let program = sound(
        "Net(x: [4]) -> [4] {
            let mut h = x >> Linear(4);
            for _ in 0..3 { let inner = h >> Linear(4); h = h + inner; }
            h
        }",
    );
    let names: Vec<&str> = program.named.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["h", "inner", "h"]);
}

#[test]
fn every_operation_of_training_is_traced() {
    let source = "#[inspect] Net(x: [4]) -> [3] { log(x >> Linear(3)) } loss mse";
    let mut report = Report::default();
    let file = crate::parse::parse(source.parse().unwrap(), &mut report);
    let program = sound(source);
    let passes = crate::passes(&file.networks[0], &program);
    let traced = passes.inspect.unwrap().train.unwrap();
    for value in program.graph.values() {
        let is_computed = matches!(program.graph[value].op, Op::Scalar(_) | Op::Kernel(_));
        let shown = traced.trace.values.iter().any(|t| t.of == value && t.role == Role::Result);
        assert_eq!(shown, is_computed, "{:?}", program.graph[value]);
    }
    let contributes = |t: &&crate::trace::Traced| t.role == Role::Contribution;
    assert!(traced.trace.values.iter().filter(contributes).count() > 3);
    let roots = traced.pass.roots.iter().filter(|root| matches!(root, Root::Trace(..)));
    assert_eq!(roots.count(), traced.trace.values.len());
}
