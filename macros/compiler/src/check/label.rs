//! Labels of layers in the summary: layers as written, with the values of sizes.

use super::layer::find;
use super::size::is_fraction;
use super::{Binding, Checker};
use crate::ast::{Argument, Expr, ExprKind, path_text};
use crate::library::ChoiceKind;
use crate::program::Label;
use crate::size::Size;

impl Checker<'_> {
    /// Returns the label of a layer of this kind. The arguments have been checked before.
    pub(super) fn label(&mut self, kind: &str, arguments: &[Argument]) -> Vec<Label> {
        let described = find(kind).and_then(|kind| kind.described());
        let description = described.map(|described| self.networks.description(described));
        let mut labels = vec![Label::Text(format!("{kind}("))];
        for (i, argument) in arguments.iter().enumerate() {
            if i > 0 {
                add(&mut labels, ", ");
            }
            let value = match argument {
                Argument::Positional(value) => value,
                Argument::Option { name, value } => {
                    add(&mut labels, &format!("{name} = "));
                    value
                }
            };
            let takes_any_number = description.as_ref().is_some_and(|description| {
                let mut options = description.options.iter().enumerate();
                let option = options.find(|(at, option)| match argument {
                    Argument::Positional(_) => *at == i,
                    Argument::Option { name, .. } => *name == option.name,
                });
                option.is_some_and(|(_, option)| option.kind == ChoiceKind::Number)
            });
            // a constant of the user's is of any type there
            if !self.is_size(value) || takes_any_number && !self.is_bound(value) {
                add(&mut labels, &value.to_string());
                continue;
            }
            match self.index(value) {
                // not one number: known at run time, or another in every iteration
                Ok(size) if size.is_dynamic() || self.by_iteration(&size) => {
                    add(&mut labels, &value.to_string());
                }
                Ok(size) if size.constant().is_none() => labels.push(Label::Size(size)),
                Ok(size) => add(&mut labels, &size.to_string()),
                Err(super::Reported) => add(&mut labels, &value.to_string()),
            }
        }
        add(&mut labels, ")");
        labels
    }

    /// Returns true if a size depends on the iteration number of a loop around it.
    pub(super) fn by_iteration(&self, size: &Size) -> bool {
        let graph = &self.program.graph;
        graph.enclosing(graph.region).any(|region| size.mentions(&graph[region].index))
    }

    /// Returns true if an expression is a number, or a name that the network knows.
    fn is_bound(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Path(path) => self.scope.contains_key(&path_text(path)),
            _ => true,
        }
    }

    /// Returns true if an expression consists of sizes only.
    fn is_size(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Number(x) => x.fract() == 0.0 && *x >= 0.0 && !is_fraction(expr.place),
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(binding) => matches!(binding, Binding::Size(_)),
                // a constant of the user's
                None => path
                    .segments
                    .last()
                    .is_some_and(|segment| !segment.ident.to_string().contains(char::is_lowercase)),
            },
            ExprKind::Binary { left, right, .. } => self.is_size(left) && self.is_size(right),
            _ => false,
        }
    }
}

/// Appends to the text at the end of the labels.
fn add(labels: &mut Vec<Label>, more: &str) {
    match labels.last_mut() {
        Some(Label::Text(text)) => text.push_str(more),
        _ => labels.push(Label::Text(more.to_owned())),
    }
}
