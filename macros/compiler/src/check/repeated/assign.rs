//! Assignments: new values for what `let mut` named.

use crate::ast::{Expr, ExprKind, Statement};
use crate::check::{Binding, Checker, Reported};
use crate::ir::{Leaf, Op};
use proc_macro2::Ident;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// `h = ..;`
    pub fn assign(&mut self, name: &Ident, value: &Expr) {
        let text = name.to_string();
        let known = match self.scope.get(&text) {
            Some(Binding::Value(_)) if self.mutable.contains(&text) => Ok(()),
            Some(Binding::Unknown) => Err(Reported),
            Some(Binding::Value(value)) => {
                let is_input = matches!(self.program.graph[*value].op, Op::Leaf(Leaf::Input(_)));
                let message = match is_input {
                    true => format!(
                        "`{text}` is an input and keeps its value: begin with `let mut {text} = {text};`"
                    ),
                    false => format!("`{text}` keeps its value: declare it as `let mut {text}`"),
                };
                self.error(name.span(), message)
            }
            Some(Binding::Layer(_)) => {
                return self.report.error(
                    name.span(),
                    format!("`{text}` is a layer: only values can be assigned"),
                );
            }
            Some(_) => self.error(name.span(), format!("`{text}` is not a value")),
            None => {
                let near = self.near_value(&text);
                self.error(name.span(), format!("no value `{text}` here{near}"))
            }
        };
        let value = self.value(value);
        if known.is_err() {
            return;
        }
        let binding = match value {
            Ok(value) => {
                self.graph().name(value, text.trim_start_matches("r#"));
                Binding::Value(value)
            }
            Err(Reported) => Binding::Unknown,
        };
        self.scope.insert(text, binding);
    }
}

/// The names that statements assign and that are not their own.
pub(super) fn assignments<'a>(
    statements: &'a [Statement],
    own: &mut BTreeSet<String>,
    assigned: &mut Vec<&'a Ident>,
) {
    for statement in statements {
        match statement {
            Statement::Let(statement) => {
                own.extend(statement.names.iter().map(ToString::to_string));
                if let ExprKind::For(inner) = &statement.value.kind {
                    assignments(&inner.body.statements, &mut own.clone(), assigned);
                }
            }
            Statement::Assign { name, value } => {
                if let ExprKind::For(inner) = &value.kind {
                    assignments(&inner.body.statements, &mut own.clone(), assigned);
                }
                if !own.contains(&name.to_string()) {
                    assigned.push(name);
                }
            }
            Statement::For(inner) => {
                assignments(&inner.body.statements, &mut own.clone(), assigned);
            }
        }
    }
}
