//! A layer after `>>`, applied to a value, or why there is none.

use super::{Input, Layer, find, is_activation, names};
use crate::ast::{self, Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::{Binding, Checker, Reported, Result, function};
use crate::ir::Value;
use crate::nearest::suggestion;
use crate::program::Row;
use crate::size::Size;
use std::cell::RefCell;

impl Checker<'_> {
    /// `x >> layer`.
    pub(in crate::check) fn apply(
        &mut self,
        layer: &Expr,
        value: Value,
        expr: &Expr,
    ) -> Result<Value> {
        let input = Input { expr, value };
        match &layer.kind {
            ExprKind::Path(path) => {
                let name = path_text(path);
                match self.scope.get(&name).cloned() {
                    Some(Binding::Layer(found)) => self.apply_layer(&found, input),
                    Some(Binding::Activation(bound)) => self.apply_activation(&bound, input),
                    Some(Binding::Unknown) => Err(Reported),
                    Some(
                        Binding::Value(_)
                        | Binding::Size(_)
                        | Binding::Length(_)
                        | Binding::Network(_)
                        | Binding::Foreign(_),
                    ) => self.error(layer.place, format!("`{name}` is not a layer")),
                    None => self.apply_unbound(path, &name, layer, input),
                }
            }
            ExprKind::Call { callee, arguments } => {
                let name = path_text(callee);
                let Some(kind) = find(&name) else {
                    if callee.segments.len() > 1 {
                        return self.wrong_parentheses(&name, layer);
                    }
                    return self.not_a_layer(&name, layer);
                };
                let (name, place) = self.name_or_numbered(kind.prefix, layer.place);
                let new = self.new_layer(kind, name, arguments, layer, place)?;
                self.apply_layer(&new, input)
            }
            _ => self.error(layer.place, format!("expected a layer after `>>`, found `{layer}`")),
        }
    }

    /// A name after `>>` that the network does not bind: a user's own activation, or a mistake.
    fn apply_unbound(
        &mut self,
        path: &syn::Path,
        name: &str,
        layer: &Expr,
        input: Input<'_>,
    ) -> Result<Value> {
        if let Some(kind) = find(name) {
            if kind.usage.ends_with("()") {
                return self.error(layer.place, format!("write `{name}()`"));
            }
            return self.error(layer.place, format!("`{name}` takes arguments: `{}`", kind.usage));
        }
        let is_type = path
            .segments
            .last()
            .is_some_and(|segment| segment.ident.to_string().starts_with(char::is_uppercase));
        let near = suggestion(name, self.layer_names().iter().map(String::as_str));
        if is_type && (near.is_empty() || is_activation(name)) {
            self.is_visible(path, layer.place)?;
            return self.apply_activation(path, input);
        }
        self.not_a_layer(name, layer)
    }

    fn not_a_layer<T>(&mut self, name: &str, layer: &Expr) -> Result<T> {
        let bare = name.split("::<").next().unwrap_or_default();
        if matches!(self.scope.get(name), Some(Binding::Network(_)))
            || self.networks.names().any(|network| network == bare)
        {
            return self.error(
                layer.place,
                format!(
                    "`{name}` is a network, whose inputs stand before `>>`: `(a, b) >> {name}`"
                ),
            );
        }
        if function::find(name).is_some() {
            return self.error(
                layer.place,
                format!("`{name}` is a function, not a layer: write `{name}(x)`"),
            );
        }
        if matches!(self.scope.get(name), Some(Binding::Activation(_))) {
            return self
                .error(layer.place, format!("an activation takes no arguments: `>> {name}`"));
        }
        if matches!(self.scope.get(name), Some(Binding::Layer(_))) {
            return self.error(
                layer.place,
                format!("`{name}` has its arguments already: write `>> {name}`"),
            );
        }
        if let Some(line) = self.gone.get(name) {
            return self.error(
                layer.place,
                format!("no layer `{name}` here: the one in the loop on line {line} is another in every turn"),
            );
        }
        let known = self.layer_names();
        let near = suggestion(name, known.iter().map(String::as_str));
        let hint = match near.is_empty() {
            true => {
                let known: Vec<&str> = names().collect();
                format!("; there are {}, activations, and layers named by `let`", known.join(", "))
            }
            false => near,
        };
        self.error(layer.place, format!("no layer `{name}`{hint}"))
    }

    fn apply_activation(&mut self, path: &syn::Path, input: Input<'_>) -> Result<Value> {
        self.must_be_real(input)?;
        Ok(self.activate(path, input.value))
    }

    pub(in crate::check) fn must_be_real(&mut self, input: Input<'_>) -> Result<()> {
        if self.graph().ty(input.value).element == ast::Element::Index {
            let expr = input.expr;
            return self.error(
                expr.place,
                format!("`{expr}` holds class numbers (`u32`), but layers take real numbers"),
            );
        }
        Ok(())
    }

    fn apply_layer(&mut self, layer: &RefCell<Layer>, input: Input<'_>) -> Result<Value> {
        self.must_be_real(input)?;
        let mut layer = layer.borrow_mut();
        let kind = layer.kind;
        let written = layer.arguments.clone();
        let arguments = Arguments::new(kind.usage, layer.place, &written);
        let (first, before) = (!layer.applied, self.program.parameters.len());
        let nodes = self.program.graph.values().count();
        layer.applied = true;
        let value = (kind.apply)(self, &mut layer, arguments, input)?;
        let label = self.label(kind.name, &layer.arguments);
        let parameters = if first { &self.program.parameters[before..] } else { &[] };
        let count = parameters.iter().fold(Size::default(), |sum, p| {
            sum.plus(&Size::product(p.turns.iter().chain(&p.shape)))
        });
        let flops = self.flops_from(nodes);
        let node = &self.program.graph[value];
        self.program.rows.push(Row {
            name: layer.name.clone(),
            layer: label,
            shape: node.ty.shape.clone(),
            parameters: count,
            flops,
            depth: self.frame.depth,
        });
        Ok(value)
    }
}
