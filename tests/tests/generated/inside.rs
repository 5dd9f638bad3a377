//! The passes that look inside, of every network of the examples: each layer and gradient is shown, and who
//! does not ask for them has none of their code.

use monograd_compiler::check::{Networks, check_among};
use monograd_compiler::codegen::{Options, generate};
use monograd_compiler::ir::Root;
use monograd_compiler::report::{Place, Report};
use monograd_compiler::{calls, parse, passes};
use proc_macro2::{Span, TokenStream};
use std::collections::HashSet;
use std::path::Path;

/// Returns the `network!` calls of the examples' networks, each with the file's name.
fn sources() -> Vec<(String, TokenStream)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/networks");
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let tokens: TokenStream = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        sources.extend(calls(tokens).into_iter().map(|call| (name.clone(), call)));
    }
    sources
}

#[test]
fn every_example_can_be_looked_into() {
    let (mut networks, mut shown, mut iterated) = (0, 0, 0);
    for (name, call) in sources() {
        let mut report = Report::default();
        let mut file = parse::parse(call, &mut report);
        for network in &mut file.networks {
            let is_real = |input: &monograd_compiler::ast::Input| {
                input.element == Some(monograd_compiler::ast::Element::Real)
            };
            let place: Place = Span::call_site().into();
            network.inspect = Some(place);
            network.input_gradients = network.inputs.iter().any(is_real).then_some(place);
        }
        let known = Networks::new(&file.networks);
        let options = Options::new(&file, known.contained(), false);
        for network in &file.networks {
            let program = check_among(network, &known, &mut report);
            let program = program.unwrap_or_else(|| panic!("{name}: {}", report.tokens()));
            let passes = passes(network, &program);
            let code = generate(network, &program, &passes, &options);
            syn::parse2::<syn::File>(code).unwrap_or_else(|error| panic!("{name}: {error}"));
            let inspect = passes.inspect.expect("asked for");
            assert_eq!(inspect.train.is_some(), program.loss.is_some());
            for traced in [Some(&inspect.look), inspect.train.as_ref()].into_iter().flatten() {
                let numbers = traced.pass.roots.iter().filter_map(|root| match root {
                    Root::Trace(number, value) => {
                        assert_eq!(traced.trace.values[*number].value, *value);
                        iterated += usize::from(traced.pass.graph[*value].region.is_some());
                        Some(*number)
                    }
                    _ => None,
                });
                let numbers: HashSet<usize> = numbers.collect();
                assert_eq!(numbers.len(), traced.trace.values.len());
                let rows: HashSet<usize> =
                    traced.trace.shown.iter().filter_map(|shown| shown.row).collect();
                for (index, row) in program.rows.iter().enumerate() {
                    let is_layer = row.result.is_some();
                    assert_eq!(rows.contains(&index), is_layer, "{name}: {}", row.name);
                }
                shown += traced.trace.shown.len();
            }
            if let Some(train) = &inspect.train {
                let last = program.rows.iter().rposition(|row| row.result.is_some());
                let of_last = train.trace.shown.iter().find(|shown| shown.row == last);
                assert!(of_last.is_none_or(|shown| shown.gradient.is_some()), "{name}");
            }
            networks += 1;
        }
    }
    assert!(networks > 20 && shown > 200 && iterated > 100, "{networks} {shown} {iterated}");
}

#[test]
fn who_does_not_ask_has_none_of_it() {
    for (name, call) in sources() {
        let code = monograd_compiler::compile(call).to_string();
        for word in ["Inspect", "Traced", "VectorJacobian", "InputGradients", "locate"] {
            assert!(!code.contains(word), "{name}: {word}");
        }
    }
}
