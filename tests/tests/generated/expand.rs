//! Snapshots of the compiler's results for the networks of `networks/`: the generated code of each, the
//! intermediate representation before and after each pass of three of them, and the memory plan of an
//! example.
//!
//! `INSTA_UPDATE=always cargo test -p monograd-tests --test generated` updates the snapshots.

mod memory;
mod windows;

use monograd_compiler::fuse::StepKind;
use monograd_compiler::pass::Pass;
use monograd_compiler::passes;
use monograd_compiler::report::Report;
use monograd_compiler::{check, parse, render};
use monograd_tests::sources::networks;
use std::fmt::Write as _;

fn snapshot(name: String, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots", omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// The network whose whole code is shown; of others the passes, in which they differ.
const WHOLE: &str = "digits";

#[test]
fn generated_code() {
    for (name, tokens) in networks() {
        let code = render(tokens).expect("Rust");
        assert!(!code.contains("compile_error"), "{name}:\n{code}");
        let shown = if name == WHOLE { code } else { passes_of(&code) };
        snapshot(format!("{name}.code"), &shown);
    }
}

/// Returns the functions of generated code that a network's text decides: a step of training, else the
/// inference, and a step of a stream.
fn passes_of(code: &str) -> String {
    let shown: &[&str] = match code.contains(" fn train<") {
        true => &["train", "step"],
        false => &["infer", "step"],
    };
    let (mut text, mut inside) = (String::new(), false);
    for line in code.lines() {
        // out of the block of the network's implementations
        let line = line.strip_prefix("    ").unwrap_or(line);
        if line.starts_with("impl") {
            let _ = writeln!(text, "{line}");
        }
        let function = line.strip_prefix("    fn ").and_then(|rest| rest.split(['<', '(']).next());
        inside |= function.is_some_and(|function| shown.contains(&function));
        if inside {
            let _ = writeln!(text, "{line}");
        }
        inside &= line != "    }";
    }
    text
}

#[test]
fn passes_of_a_network() {
    let shown = ["logistic", "siamese", "digits"];
    for (name, tokens) in networks().into_iter().filter(|(name, _)| shown.contains(&&**name)) {
        let mut report = Report::default();
        let file = parse::parse(tokens, &mut report);
        let program = check::check(&file.networks[0], &mut report).expect("a sound network");
        let passes = passes(&file.networks[0], &program);
        let mut text = format!("# checked\n\n{}", program.graph);
        let named = [
            ("infer", Some(&passes.infer)),
            ("evaluate", passes.evaluate.as_ref()),
            ("train", passes.train.as_ref()),
        ];
        for (title, pass) in named {
            describe(&mut text, title, pass.expect("a loss"));
        }
        snapshot(format!("{name}.passes"), &text);
    }
}

/// Appends a pass: its graph (differentiated, if it trains), its steps with the values that they read
/// and write, and the home of every value.
fn describe(text: &mut String, title: &str, pass: &Pass) {
    let _ = writeln!(text, "\n# {title}\n\n{}\n## fused\n", pass.graph);
    for step in &pass.schedule.steps {
        let list = |values: &[monograd_compiler::ir::Value]| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            values.join(", ")
        };
        let kind = match &step.kind {
            StepKind::Product { product, then } => {
                format!("Product({:?}, {:?})", product.kind, then.kind)
            }
            kind => format!("{kind:?}"),
        };
        let kind = kind.replace("Value(", "%(");
        let _ = writeln!(text, "{kind}: {} -> {}", list(&step.reads), list(&step.writes));
    }
    text.push_str("\n## planned\n\n");
    for value in pass.graph.values() {
        if let Some(home) = pass.plan.homes.get(&value) {
            let _ = writeln!(text, "{value}: {home:?}");
        }
    }
    for (slot, needs) in pass.plan.slots.iter().enumerate() {
        let needs: Vec<String> = needs
            .iter()
            .map(|size| match &size.skip_if {
                Some(activation) => format!("{} unless {activation:?}", size.len),
                None => size.len.to_string(),
            })
            .collect();
        let _ = writeln!(text, "slot {slot}: {}", needs.join(", "));
    }
}
