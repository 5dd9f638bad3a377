use super::{Described, Description, FUNCTIONS, LAYERS};
use crate::ast::ExprKind;

#[test]
fn every_description_is_sound() {
    for layer in LAYERS.iter().chain(FUNCTIONS) {
        if let Err(error) = Description::parse(layer.source) {
            panic!("{}: {error} at {:?}", layer.name, error.span().start());
        }
    }
}

#[test]
fn usages_have_the_inputs_and_options_of_the_descriptions() {
    for layer in LAYERS {
        assert_eq!(layer.usage, usage(layer, false));
    }
    for function in FUNCTIONS {
        assert_eq!(function.usage, usage(function, true));
    }
}

/// Returns the usage that a description has.
fn usage(described: &Described, with_inputs: bool) -> String {
    let description = Description::parse(described.source).unwrap();
    let inputs = description.inputs.iter().map(|input| input.name.to_string());
    let options = description.options.iter().map(|option| match &option.default {
        None => option.name.to_string(),
        Some(default) => {
            let default = match &default.kind {
                ExprKind::Number(small) if (0.0..1e-4).contains(small) && *small > 0.0 => {
                    format!("{small:e}")
                }
                _ => default.to_string(),
            };
            format!("{} = {default}", option.name)
        }
    });
    let inputs = inputs.filter(|_| with_inputs);
    let arguments: Vec<String> = inputs.chain(options).collect();
    format!("{}({})", described.name, arguments.join(", "))
}
