//! The names that the user wrote, which generated names avoid.

use super::names::idents;
use crate::ast::{Expr, ExprKind, Network, Statement};
use proc_macro2::TokenStream;
use std::collections::HashSet;

/// Returns every name that these networks mention, each of which may contain others.
#[must_use]
pub fn mentioned(networks: &[Network]) -> TokenStream {
    networks.iter().map(network_names).collect()
}

/// Returns an expression as text; for a loop, the expressions in it.
fn words(expr: &Expr) -> Vec<String> {
    match &expr.kind {
        ExprKind::For(repeated) => repeated.values().into_iter().flat_map(words).collect(),
        _ => vec![expr.to_string()],
    }
}

fn network_names(network: &Network) -> TokenStream {
    let mut text = vec![network.name.to_string()];
    let values = network.body.statements.iter().flat_map(Statement::values);
    text.extend(values.chain(&network.body.result).flat_map(words));
    for shape in network.outputs.iter().chain(
        network.inputs.iter().filter_map(|input| input.kind.as_ref().map(|(_, shape)| shape)),
    ) {
        text.extend(shape.sizes.iter().map(ToString::to_string));
    }
    let text = text.iter().map(|text| text.parse::<TokenStream>().unwrap_or_default());
    let mut names = HashSet::new();
    idents(text.collect(), &mut names);
    // run-time sizes have names of their own in generated code
    for (_, shape) in network.inputs.iter().filter_map(|input| input.kind.as_ref()) {
        for size in &shape.sizes {
            if let ExprKind::Dynamic { name, .. } = &size.kind {
                names.remove(&name.to_string());
            }
        }
    }
    names.extend(network.generics.iter().map(|generic| generic.name().to_string()));
    names.iter().map(|name| name.parse::<TokenStream>().unwrap_or_default()).collect()
}
