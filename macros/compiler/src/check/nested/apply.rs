//! Application of layers and networks to values: `x >> layer`, `(a, b) >> Network`,
//! `Network(a, b)`.

use super::Nested;
use crate::ast::{Argument, Expr, ExprKind, path_text};
use crate::check::expression::last_step;
use crate::check::layer::find as find_layer;
use crate::check::{Binding, Checker, Origin, Reported, Result, function};
use crate::ir::Value;
use crate::report::Place;
use std::cell::RefCell;
use std::rc::Rc;

impl Checker<'_> {
    /// Returns the values of an expression that may have several: a tuple, or a function or network
    /// with several results.
    pub(in crate::check) fn values(&mut self, expr: &Expr) -> Result<Vec<Value>> {
        self.reading(|checker| checker.values_of(expr))
    }

    fn values_of(&mut self, expr: &Expr) -> Result<Vec<Value>> {
        let values = match &expr.kind {
            ExprKind::Tuple(items) => {
                let values: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                return values.into_iter().collect();
            }
            ExprKind::Chain(value, layer) => self.chain(value, layer)?,
            ExprKind::Call { callee, arguments } => {
                match self.network_call(callee, arguments, expr) {
                    Some(values) => values?,
                    None => match function::find(&path_text(callee)) {
                        Some(function) => {
                            let before = self.report.problems().len();
                            let called = function.calls(self, arguments, expr);
                            called.inspect_err(|_| self.rest_of(callee, arguments, before))?
                        }
                        None => return Ok(vec![self.value(expr)?]),
                    },
                }
            }
            _ => return Ok(vec![self.value(expr)?]),
        };
        for value in &values {
            self.came_from(*value, last_step(expr));
        }
        Ok(values)
    }

    /// Returns true for a layer, with its arguments or by the name that it was given.
    fn is_layer(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { callee, .. } => find_layer(&path_text(callee)).is_some(),
            ExprKind::Path(path) => {
                matches!(self.scope.get(&path_text(path)), Some(Binding::Layer(_)))
            }
            _ => false,
        }
    }

    /// Applies a layer or network: `x >> layer`, or `(a, b) >> Network`.
    pub(in crate::check) fn chain(&mut self, of: &Expr, layer: &Expr) -> Result<Vec<Value>> {
        // the values come before the layer: layers without a name are numbered in the order in which
        // they are applied
        if let ExprKind::Path(path) = &layer.kind
            && self.is_network(path)
        {
            let given = self.all_given(of);
            let Some(network) = self.network(path, layer.place) else { return Err(Reported) };
            return self.give(network, given, layer.place);
        }
        if self.is_external_layer(layer) {
            let given = self.all_given(of);
            let Some(external) = self.external(layer) else { return Err(Reported) };
            let external = external?;
            let given: Result<Vec<_>> =
                given.into_iter().map(|(expr, value)| Ok((expr, value?))).collect();
            return self.apply_external(&external, &given?, layer.place);
        }
        if self.is_described_layer(layer) {
            let given = self.all_given(of);
            let Some(described) = self.described(layer) else { return Err(Reported) };
            let described = described?;
            return self.apply_described(&described, given, layer.place);
        }
        if self.is_layer(of)
            && let ExprKind::Path(value) = &layer.kind
            && let Some(Binding::Value(_)) = self.scope.get(&path_text(value))
        {
            let what = format!("a value stands before the layer: `{layer} >> {of}`");
            return self.error(of.place, what);
        }
        let Ok(values) = self.values(of) else {
            self.layer_of_unknown(layer, of);
            return Err(Reported);
        };
        if let (ExprKind::Tuple(_), 2..) = (&of.kind, values.len()) {
            let count = values.len();
            return self.error(layer.place, format!("`{layer}` takes one value, not {count}"));
        }
        let input = self.only(&values, of)?;
        Ok(vec![self.apply(layer, input, of)?])
    }

    /// Returns the values before `>>`, each with its expression.
    fn all_given<'e>(&mut self, of: &'e Expr) -> Vec<(&'e Expr, Result<Value>)> {
        match &of.kind {
            ExprKind::Tuple(items) => items.iter().map(|item| (item, self.value(item))).collect(),
            _ => match self.values(of) {
                Ok(values) => {
                    // of a described layer only the first goes on
                    let most = if self.is_described(last_step(of)) { 1 } else { values.len() };
                    values.into_iter().take(most).map(|value| (of, Ok(value))).collect()
                }
                Err(Reported) => vec![(of, Err(Reported))],
            },
        }
    }

    /// Applies a network that is called, if `callee` is one: `Network(a, b)`.
    pub(in crate::check) fn network_call(
        &mut self,
        callee: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Option<Result<Vec<Value>>> {
        let Some(network) = self.network(callee, expr.place) else {
            return self.described_call(callee, arguments, expr);
        };
        let mut given = Vec::new();
        for argument in arguments {
            match argument {
                Argument::Positional(value) => given.push((value, self.value(value))),
                Argument::Option { name, value } => {
                    let network = path_text(callee);
                    let message = format!(
                        "a network takes its inputs, and no option `{name}`; its parameters stand in `{network}::<..>`"
                    );
                    given.push((value, self.error(name.span(), message)));
                }
            }
        }
        Some(self.give(network, given, expr.place))
    }

    fn give(
        &mut self,
        network: Result<Rc<RefCell<Nested>>>,
        given: Vec<(&Expr, Result<Value>)>,
        place: Place,
    ) -> Result<Vec<Value>> {
        let network = network?;
        let given: Result<Vec<_>> =
            given.into_iter().map(|(expr, value)| Ok((expr, value?))).collect();
        let values = self.apply_network(&network, &given?, place)?;
        // for the user, the values come from the network, not from the operations in it
        let text = network.borrow().text.clone();
        for value in &values {
            let origin = Origin { text: text.clone(), line: place.line() };
            self.origins.insert(*value, origin);
        }
        Ok(values)
    }

    /// Returns the only one of `values`, or the first of a described layer or function. Several
    /// values of anything else are an error.
    pub(in crate::check) fn only(&mut self, values: &[Value], of: &Expr) -> Result<Value> {
        if let ([first, ..], true) = (values, self.is_described(last_step(of))) {
            return Ok(*first);
        }
        let [value] = values else {
            let names: Vec<String> = (0..values.len()).map(|i| format!("y{i}")).collect();
            let (count, names) = (values.len(), names.join(", "));
            return self.error(
                of.place,
                format!("`{of}` gives {count} values: name them with `let ({names}) = ..`"),
            );
        };
        Ok(*value)
    }
}
