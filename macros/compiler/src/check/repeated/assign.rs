//! Assignments to bindings that were declared by `let mut`.

use crate::ast::{Assign, ExprKind, Statement};
use crate::check::{Binding, Checker, Reported, Result};
use crate::ir::{Leaf, Op};
use proc_macro2::Ident;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Checks an assignment: `h = ..;` or `(h, c) = ..;`
    pub fn assign(&mut self, statement: &Assign) {
        let Assign { names, value } = statement;
        let known: Vec<Result<()>> = names.iter().map(|name| self.assignable(name)).collect();
        let is_layer =
            |name: &Ident| matches!(self.scope.get(&name.to_string()), Some(Binding::Layer(_)));
        if names.iter().any(is_layer) {
            // the right side is a layer too, which would cause a second error
            return;
        }
        let values = self.values_for(names, value);
        for (index, (name, known)) in names.iter().zip(known).enumerate() {
            if *name == "_" {
                continue;
            }
            if known.is_err() {
                // the intended binding is unknown
                if !matches!(
                    self.scope.get(&name.to_string()),
                    Some(Binding::Size(_) | Binding::Length(_))
                ) {
                    self.scope.insert(name.to_string(), Binding::Unknown);
                }
                continue;
            }
            let state = self.scope.states.get(&name.to_string()).copied();
            let binding = match (&values, state) {
                (Ok(values), Some(state)) => {
                    let assigned = self.assign_state(state, name, values[index], value);
                    assigned.map_or(Binding::Unknown, Binding::Value)
                }
                (Ok(values), None) => Binding::Value(values[index]),
                (Err(Reported), _) => Binding::Unknown,
            };
            self.scope.insert(name.to_string(), binding);
        }
    }

    /// Checks that `name` was declared by `let mut`.
    fn assignable(&mut self, name: &Ident) -> Result<()> {
        let text = name.to_string();
        if text == "_" {
            return Ok(());
        }
        match self.scope.get(&text) {
            Some(Binding::Unknown) => Err(Reported),
            Some(Binding::Value(value)) => match self.scope.lets.get(&text) {
                Some(true) => Ok(()),
                Some(false) => {
                    let message =
                        format!("`{text}` keeps its value: declare it as `let mut {text}`");
                    self.error(name.span(), message)
                }
                None => {
                    let op = &self.program.graph[*value].op;
                    let is_input = matches!(op, Op::Leaf(Leaf::Input(_)));
                    let what = if is_input { "is an input and " } else { "" };
                    let message = format!(
                        "`{text}` {what}keeps its value: begin with `let mut {text} = {text};`"
                    );
                    self.error(name.span(), message)
                }
            },
            Some(Binding::Layer(_)) => {
                let message = format!("`{text}` is a layer: only values can be assigned");
                self.error(name.span(), message)
            }
            Some(_) => self.error(name.span(), format!("`{text}` is not a value")),
            None => {
                let near = self.near_value(&text);
                let near = match near.is_empty() {
                    true => format!(": a new one begins as `let {text} = ..`"),
                    false => near,
                };
                self.error(name.span(), format!("no value `{text}` here{near}"))
            }
        }
    }
}

/// Collects the names that statements assign to and do not bind themselves.
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
            Statement::Assign(Assign { names, value }) => {
                if let ExprKind::For(inner) = &value.kind {
                    assignments(&inner.body.statements, &mut own.clone(), assigned);
                }
                let not_own = |name: &&Ident| **name != "_" && !own.contains(&name.to_string());
                assigned.extend(names.iter().filter(not_own));
            }
            Statement::For(inner) => {
                assignments(&inner.body.statements, &mut own.clone(), assigned);
            }
            Statement::When(_) => {}
        }
    }
}
