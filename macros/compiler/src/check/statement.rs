//! Statements.

use super::{Binding, Checker, Reported, Result, plural};
use crate::ast::{self, Expr, Statement};
use crate::ir::Value;
use proc_macro2::Ident;

impl Checker<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(statement) => {
                    self.begin_line(format!("let {} = {};", statement.pattern(), statement.value));
                    self.let_statement(statement);
                }
                Statement::Assign(statement) => {
                    self.begin_line(format!("{} = {};", statement.pattern(), statement.value));
                    self.assign(statement);
                }
                Statement::For(repeated) => {
                    self.begin_line(repeated.head());
                    self.for_statement(repeated);
                }
                // conditions are resolved when a described layer is specialised; elsewhere the
                // parser refuses them
                Statement::When(_) => {}
            }
        }
    }

    fn let_statement(&mut self, statement: &ast::Let) {
        self.scope.stored_name.clone_from(&statement.stored_name);
        let is_frozen = self.scope.frozen;
        self.scope.frozen |= statement.frozen;
        let layer = self.layer_declaration(statement).map(|layer| layer.map(Binding::Layer));
        let declared = layer.or_else(|| {
            let network = self.network_declaration(statement);
            network.map(|network| network.map(Binding::Network))
        });
        let declared = declared.or_else(|| {
            let external = self.external_declaration(statement);
            external.map(|external| external.map(Binding::External))
        });
        let state = if declared.is_none() { self.state_declaration(statement) } else { None };
        let index = state.as_ref().and_then(|state| state.as_ref().ok().copied());
        let bindings = match (declared, state) {
            (Some(binding), _) => binding.map(|binding| vec![binding]),
            (None, Some(state)) => state.map(|state| vec![Binding::Value(self.state_value(state))]),
            (None, None) => match self.parameter_declaration(statement) {
                Some(value) => value.map(|value| vec![Binding::Value(value)]),
                None => self.let_values(statement),
            },
        };
        if let Some(name) = self.scope.stored_name.take()
            && bindings.is_ok()
        {
            self.report.error(name.span(), "there is no layer here that this could name");
        }
        self.scope.frozen = is_frozen;
        let bindings =
            bindings.unwrap_or_else(|Reported| vec![Binding::Unknown; statement.names.len()]);
        for (name, binding) in statement.names.iter().zip(bindings) {
            let name = name.to_string();
            let mutable = statement.mutable.iter().any(|mutable| *mutable == name);
            self.scope.lets.insert(name.clone(), mutable);
            match index {
                Some(state) => self.scope.states.insert(name.clone(), state),
                None => self.scope.states.remove(&name),
            };
            self.scope.insert(name, binding);
        }
    }

    /// Returns the bindings of a `let` of values.
    fn let_values(&mut self, statement: &ast::Let) -> Result<Vec<Binding>> {
        let values = self.values_for(&statement.names, &statement.value)?;
        Ok(values.into_iter().map(Binding::Value).collect())
    }

    /// Returns a value for each of `names`, and gives the graph's values these names.
    pub(super) fn values_for(&mut self, names: &[Ident], expr: &Expr) -> Result<Vec<Value>> {
        let values = match names {
            [_] => vec![self.value(expr)?],
            _ => self.values(expr)?,
        };
        if names.len() != values.len() {
            let (values, pattern) = (plural(values.len(), "value"), ast::pattern(names));
            return self.error(
                expr.place,
                format!("`{pattern}` is {} names, but this is {values}", names.len()),
            );
        }
        for (name, value) in names.iter().zip(&values).filter(|(name, _)| *name != "_") {
            let name = name.to_string();
            let name = name.trim_start_matches("r#");
            self.graph().name(*value, name);
            if !self.frame.described {
                let name = format!("{}{name}", without_loops(&self.frame.prefix));
                self.program.named.push((name, *value));
            }
        }
        Ok(values)
    }
}

/// Returns the prefix of names without the loops in it: `encoder.` of `encoder.layers0.{i}.`.
fn without_loops(prefix: &str) -> String {
    let parts: Vec<&str> = prefix.split_terminator('.').collect();
    let is_loop = |index: usize| parts[index] == "{i}" || parts.get(index + 1) == Some(&"{i}");
    let networks = (0..parts.len()).filter(|index| !is_loop(*index));
    networks.map(|index| format!("{}.", parts[index])).collect()
}
