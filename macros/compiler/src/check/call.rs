//! Calls: functions of the language, activations, and functions of the user's.

use super::{Binding, Checker, Reported, Result, function, layer};
use crate::ast::{Argument, Expr, ExprKind, path_text};
use crate::case::names_a_type;
use crate::habits;
use crate::ir::Value;
use crate::ir::function::{Activation, Function, UserFn};
use crate::nearest::suggestion;
use crate::program::{Label, Row};
use crate::size::Size;
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

/// The maximum number of arguments of a user's function that the runtime supports.
const MOST_ARGUMENTS: usize = 8;

impl Checker<'_> {
    /// Checks a call of anything but a network, and adds its operations to the graph.
    pub(super) fn call(
        &mut self,
        callee: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        let name = path_text(callee);
        let bound = self.scope.get(&name).cloned();
        // a layer of the user's hides a function of its name; a value, which cannot be called, does not
        let is_layer = matches!(bound, Some(Binding::Layer(_)));
        if let Some(function) = function::find(&name).filter(|_| !is_layer) {
            return function.call(self, arguments, expr);
        }
        match bound {
            Some(Binding::Activation(bound)) => {
                return self.activation_call(&bound, arguments, expr);
            }
            Some(Binding::Layer(_)) => {
                let given = given(arguments);
                return self.error(
                    callee,
                    format!("`{name}` is a layer: apply it as `{given} >> {name}`"),
                );
            }
            Some(Binding::Unknown) => return Err(Reported),
            Some(_) => return self.error(callee, format!("`{name}` is not a function")),
            None => {}
        }
        if let Some(layer) = layer::find(&name) {
            let usage = habits::names::layer(layer.usage, &[]);
            return self.error(callee, format!("`{name}` is a layer: apply it as `x >> {usage}`"));
        }
        if let Some(what) = self.written_otherwise(callee, arguments, false) {
            let is_activation = layer::is_activation(&name);
            if !is_activation {
                return self.error(callee, what.replace("no layer", "no layer or function"));
            }
        }
        if names_a_type(callee) {
            let near = suggestion(&name, self.layer_names().iter().map(String::as_str));
            if arguments.len() == 1 && (near.is_empty() || layer::is_activation(&name)) {
                self.is_visible(callee, expr.place)?;
                return self.activation_call(callee, arguments, expr);
            }
            if layer::is_activation(&name) {
                let what = format!("an activation takes one value: `{name}(x)`");
                return self.error(callee, what);
            }
            return self.error(callee, format!("no layer or activation `{name}`{near}"));
        }
        let near = suggestion(&name, function::names());
        if callee.segments.len() == 1 && !near.is_empty() {
            return self.error(
                callee,
                format!("no function `{name}`{near} (A function of your own: `self::{name}(..)`)"),
            );
        }
        self.own_function(callee, arguments, expr)
    }

    /// Checks the arguments of a call in error, which may not all have been checked. Errors at
    /// places that already have one after the first `before` errors are dropped.
    pub(super) fn rest_of(&mut self, callee: &syn::Path, arguments: &[Argument], before: usize) {
        if names_a_type(callee) {
            // an unknown layer may take arguments that are no values
            return;
        }
        if self.is_recheck {
            // repeated on each level of nesting it would take exponential time
            return;
        }
        self.is_recheck = true;
        let looked_at = self.report.problems().len();
        for argument in arguments {
            let Argument::Positional(value) = argument else { continue };
            // others may be shapes or names instead of values
            let is_value = matches!(
                value.kind,
                ExprKind::Chain(..) | ExprKind::Call { .. } | ExprKind::Index(..)
            );
            if is_value {
                let _ = self.value(value);
            }
        }
        self.is_recheck = false;
        for problem in self.report.split_off(looked_at) {
            let known = &self.report.problems()[before..looked_at];
            if !known.iter().any(|known| known.place.is_at(problem.place)) {
                self.report.error(problem.place, problem.message);
            }
        }
    }

    /// Adds a call of a user's function: a path, or a name that resembles none of the language's.
    fn own_function(
        &mut self,
        path: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        let text = path_text(path);
        let mut operands: Vec<(&Expr, Value)> = Vec::new();
        for argument in arguments {
            let Argument::Positional(argument) = argument else {
                return self
                    .error(expr.place, format!("`{text}` is a function of your own: no options"));
            };
            let mut value = self.real(argument)?;
            // all arguments have to broadcast with each other
            for (other, given) in &operands {
                let what = format!("`{text}`");
                value = self.fit((other, *given), (argument, value), expr.place, &what)?.1;
            }
            operands.push((argument, value));
        }
        if operands.is_empty() {
            return self.error(expr.place, format!("`{text}` takes at least one value"));
        }
        if let Some((surplus, _)) = operands.get(MOST_ARGUMENTS) {
            let what = format!("a function of your own takes at most {MOST_ARGUMENTS} values");
            return self.error(surplus.place, what);
        }
        let own = self.own(path, &text, operands.len());
        let operands = operands.into_iter().map(|(_, value)| value).collect();
        let value = self.graph().scalar(Function::UserFn(own), operands);
        self.mark_operation(&[value], true, |_| text);
        Ok(value)
    }

    /// Returns the user's function at this path, under a unique name in generated code.
    fn own(&mut self, path: &syn::Path, text: &str, arity: usize) -> UserFn {
        let known = &mut self.program.own;
        let is_it = |own: &UserFn| *own.text == *text && own.arity == arity;
        let index = known.iter().position(is_it).unwrap_or(known.len());
        let last = path.segments.last().map(|segment| segment.ident.unraw().to_string());
        let name = format!("own{index}_{}", last.unwrap_or_default());
        let name = Ident::new(&name, Span::call_site().located_at(path.span()));
        let own = UserFn { path: quote!(#path), text: text.into(), name, arity };
        if index == known.len() {
            known.push(own.clone());
        }
        own
    }

    fn activation_call(
        &mut self,
        path: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        let [Argument::Positional(argument)] = arguments else {
            let name = path_text(path);
            return self.error(expr.place, format!("an activation takes one value: `{name}(x)`"));
        };
        let value = self.real(argument)?;
        Ok(self.activate(path, value))
    }

    /// Applies an activation to every element.
    pub(super) fn activate(&mut self, path: &syn::Path, value: Value) -> Value {
        let text = path_text(path);
        let activation = Activation { path: quote!(#path), text: text.as_str().into() };
        let label = Label::Activation(activation.clone());
        let result = self.graph().scalar(Function::Activate(activation), vec![value]);
        let ty = self.graph().ty(result).clone();
        self.program.rows.push(Row {
            name: String::new(),
            layer: vec![label],
            flops: self.in_all_iterations(&ty.len()),
            shape: ty.shape,
            parameters: Size::default(),
            depth: self.frame.depth,
            result: Some(result),
            values: result.0..result.0 + 1,
        });
        self.mark_row(&[result], 0..0);
        result
    }
}

/// Returns the argument of a layer that was called like a function, for the message.
fn given(arguments: &[Argument]) -> String {
    match arguments {
        [Argument::Positional(only)] => only.to_string(),
        _ => "x".to_owned(),
    }
}
