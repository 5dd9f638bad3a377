//! Snapshot of the memory plan of the small Transformer among the examples.

use monograd_compiler::fuse::{Step, StepKind};
use monograd_compiler::ir::Value;
use monograd_compiler::pass::Pass;
use monograd_compiler::passes;
use monograd_compiler::plan::Storage;
use monograd_compiler::report::Report;
use monograd_compiler::{calls, check, parse};
use std::fmt::Write as _;

const SOURCE: &str = include_str!("../../../../examples/networks/transformer.rs");

#[test]
fn plan_of_a_small_transformer() {
    let tokens = calls(SOURCE.parse().expect("Rust")).remove(0);
    let mut report = Report::default();
    let file = parse::parse(tokens, &mut report);
    let networks = check::Networks::new(&file.networks);
    let network = &file.networks[0];
    let program = check::check_among(network, &networks, &mut report).expect("a sound network");
    let passes = passes(network, &program);
    let mut text = String::new();
    let train = passes.train.as_ref().expect("a loss");
    let stream = passes.stream.as_ref().expect("a causal network");
    for (title, pass) in [("infer", &passes.infer), ("train", train), ("stream", &stream.step.pass)]
    {
        let _ = writeln!(text, "# {title}\n");
        steps(&mut text, pass, &pass.schedule.steps, 0);
        slots(&mut text, pass);
    }
    super::snapshot("transformer.plan".to_owned(), &text);
}

/// Returns the text of a value, with its name if it has one.
fn name(pass: &Pass, value: Value) -> String {
    match &pass.graph[value].name {
        name if name.is_empty() => value.to_string(),
        name => format!("{value} {name}"),
    }
}

/// Appends one step per line: its operations, and the values that it writes with their homes.
fn steps(text: &mut String, pass: &Pass, all: &[Step], depth: usize) {
    for step in all {
        let indent = "    ".repeat(depth);
        let kind = format!("{:?}", step.kind);
        let kind = kind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let operation = |value: &Value| pass.graph[*value].op.noun();
        let what: Vec<String> = step.kind.values().iter().map(operation).collect();
        let written = |value: &Value| match pass.plan.homes.get(value) {
            Some(home) => format!("{} in {home:?}", name(pass, *value)),
            None => name(pass, *value),
        };
        let written: Vec<String> = step.writes.iter().map(written).collect();
        let kind = kind.to_lowercase();
        let _ = writeln!(text, "{indent}{kind} {} -> {}", what.join(", "), written.join(", "));
        if let StepKind::Loop { steps: inside, .. } = &step.kind {
            steps(text, pass, inside, depth + 1);
        }
    }
}

/// Appends the lengths that each slot of the arena must hold, and the values that share it.
fn slots(text: &mut String, pass: &Pass) {
    text.push('\n');
    for (slot, needs) in pass.plan.slots.iter().enumerate() {
        let needs: Vec<String> = needs.iter().map(|need| need.len.to_string()).collect();
        let there = |value: &Value| pass.plan.homes.get(value) == Some(&Storage::Slot(slot));
        let saved = |value: &Value| pass.plan.saves.get(value) == Some(&slot);
        let values = pass.graph.values();
        let values: Vec<String> =
            values.filter(|v| there(v) || saved(v)).map(|v| name(pass, v)).collect();
        let _ = writeln!(text, "slot {slot} [{}]: {}", needs.join(", "), values.join(", "));
    }
    text.push('\n');
}
