//! The networks that a network mentions.

use crate::ast::{Expr, ExprKind, Generic, Let, Loss, Network, Statement};
use crate::report::Place;
use std::collections::HashSet;

/// Returns the index of the network that a path names, with generic arguments or without.
pub fn position(all: &[Network], path: &syn::Path) -> Option<usize> {
    let [segment] = Vec::from_iter(&path.segments)[..] else { return None };
    all.iter().position(|network| network.name == segment.ident)
}

/// Returns the networks that the body, the loss or a metric of `network` mentions.
pub fn mentioned(network: &Network, all: &[Network]) -> Vec<(usize, Place)> {
    let mut found = Vec::new();
    let measured = network.metrics.iter().map(|metric| &metric.value);
    let measured: Vec<&Loss> = network.loss.iter().chain(measured).collect();
    for loss in &measured {
        // a network in the place of a loss's name
        if let Loss::Named { name, .. } = loss {
            let index = all.iter().position(|network| network.name == *name);
            found.extend(index.map(|index| (index, name.span().into())));
        }
    }
    let mut find = |expr: &Expr, bound: &HashSet<String>| {
        paths(expr, &mut |path, place| {
            // a name that is bound before hides the network
            if path.get_ident().is_some_and(|name| bound.contains(&name.to_string())) {
                return;
            }
            found.extend(position(all, path).map(|index| (index, place)));
        });
    };
    let inputs = network.inputs.iter().map(|input| &input.name);
    let names = network.generics.iter().map(Generic::name).chain(inputs);
    let mut bound: HashSet<String> = names.map(ToString::to_string).collect();
    statements(&network.body.statements, &mut bound, &mut find);
    network.body.result.iter().for_each(|value| find(value, &bound));
    for loss in measured {
        if let Loss::Custom { inputs, statements: body, value } = loss {
            let mut bound = bound.clone();
            bound.extend(inputs.iter().map(|input| input.name.to_string()));
            statements(body, &mut bound, &mut find);
            find(value, &bound);
        }
    }
    found
}

/// Searches statements in order, and adds the names that they bind to `bound`.
fn statements(
    body: &[Statement],
    bound: &mut HashSet<String>,
    find: &mut impl FnMut(&Expr, &HashSet<String>),
) {
    for statement in body {
        statement.values().into_iter().for_each(|value| find(value, bound));
        if let Statement::Let(Let { names, .. }) = statement {
            bound.extend(names.iter().map(ToString::to_string));
        }
    }
}

/// Calls `found` for every path in an expression, including those that are called.
pub fn paths(expr: &Expr, found: &mut impl FnMut(&syn::Path, Place)) {
    if let ExprKind::Path(path) | ExprKind::Call { callee: path, .. } = &expr.kind {
        found(path, expr.place);
    }
    expr.parts().into_iter().for_each(|part| paths(part, found));
}
