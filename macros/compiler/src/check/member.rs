//! Parameters as values, by their names: `fc.weight`.

use super::layer::unknown_size;
use super::{Binding, Checker, Reported, Result};
use crate::ast::{Expr, ExprKind};
use crate::habits::{methods, names};
use crate::ir::Value;
use crate::nearest::suggestion;
use syn::ext::IdentExt as _;

impl Checker<'_> {
    /// Returns the parameter that `expr` names. The weight of a linear layer is `[in, out]`, as in
    /// memory.
    pub(super) fn member(&mut self, expr: &Expr) -> Result<Value> {
        let mut parts = Vec::new();
        let mut of = expr;
        while let ExprKind::Member(inner, name) = &of.kind {
            parts.insert(0, name.unraw().to_string());
            of = inner;
        }
        let ExprKind::Path(path) = &of.kind else {
            return self.error(expr.place, format!("`{of}` has no parameters"));
        };
        let first = path.get_ident().map(ToString::to_string).unwrap_or_default();
        let (layer, applied) = match self.scope.get(&first) {
            Some(Binding::Layer(layer)) => {
                let layer = layer.borrow();
                (layer.name.clone(), layer.applied)
            }
            Some(Binding::Network(nested)) => {
                let nested = nested.borrow();
                (nested.name.clone(), nested.applied)
            }
            Some(Binding::External(_)) => {
                let what = format!(
                    "`{first}` is from elsewhere: what parameters it has is not known here"
                );
                return self.error(expr.place, what);
            }
            Some(Binding::Unknown) => return Err(Reported),
            Some(_) => {
                let what = match &parts[..] {
                    [field] if field != "weight" && field != "bias" => {
                        methods::advice(&first, field, &[])
                    }
                    _ => format!("`{first}` is not a layer: it has no `{}`", parts.join(".")),
                };
                return self.error(expr.place, what);
            }
            None if names::is_module(&first) => {
                let last = parts.last().map(String::as_str).unwrap_or_default();
                let advice = names::advice(last);
                let advice =
                    advice.unwrap_or_else(|| "layers and functions have no module".to_owned());
                return self.error(expr.place, format!("no `{expr}` here: {advice}"));
            }
            None => (format!("{}{first}", self.frame.prefix), true),
        };
        if !applied {
            let what = format!("`{first}` has no parameters before it is applied");
            return self.error(expr.place, what);
        }
        let name = format!("{layer}.{}", parts.join("."));
        let Some(parameter) = self.program.parameters.iter().find(|p| p.name == name) else {
            let known: Vec<String> =
                self.program.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            let near = suggestion(&name, known.iter().map(String::as_str));
            return self.error(expr.place, format!("no parameter `{name}`{near}"));
        };
        let (value, shape) = (parameter.value, parameter.shape.clone());
        if shape.iter().any(|size| size.constants().contains(&unknown_size())) {
            return Err(Reported);
        }
        let graph = &self.program.graph;
        if !graph.is_within(graph.region, graph[value].region) {
            let what = format!("`{expr}` is another one in every iteration of its loop");
            return self.error(expr.place, what);
        }
        // a single number is stored as an axis of size 1
        let value = if shape.is_empty() { self.graph().view(value, shape) } else { value };
        Ok(self.current_state(value))
    }
}
