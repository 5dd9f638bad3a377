//! Application of layers after `>>` to values, and errors for names that are no layers.

use super::{Apply, Input, Layer, activations, find, is_activation, names};
use crate::ast::{self, Argument, Expr, ExprKind, path_text};
use crate::case::{is_capitalised, names_a_type};
use crate::check::arguments::Arguments;
use crate::check::{Binding, Checker, Reported, Result, function};
use crate::habits;
use crate::ir::{Type, Value};
use crate::nearest::{somewhat_like, suggestion};
use crate::parse::generic_arguments;
use crate::program::Row;
use crate::size::Size;
use std::cell::RefCell;
use std::rc::Rc;
use syn::PathArguments;

impl Checker<'_> {
    /// Applies a layer or activation to a value: `x >> layer`.
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
                        | Binding::External(_)
                        | Binding::Axes(_),
                    ) => self.error(layer.place, format!("`{name}` is not a layer")),
                    None => self.apply_unbound(path, &name, layer, input),
                }
            }
            ExprKind::Call { callee, arguments } => {
                let name = path_text(callee);
                let Some(kind) = find(&name) else {
                    if let Some(what) = self.written_otherwise(callee, arguments, true) {
                        return self.error(callee, what);
                    }
                    if callee.segments.len() > 1 {
                        return self.wrong_parentheses(&name, layer);
                    }
                    return self.not_a_layer(&name, layer);
                };
                let (name, place) = self.name_or_numbered(kind.prefix, layer.place);
                let new = self.new_layer(kind, name, arguments, layer, place)?;
                self.apply_layer(&new, input)
            }
            ExprKind::Binary { operator, left, right } => {
                let sign = operator.symbol();
                let what = format!(
                    "expected a layer after `>>`, found `{layer}`: `{sign}` binds more strongly, so write `(.. >> {left}) {sign} {right}`"
                );
                self.error(layer.place, what)
            }
            _ => self.error(layer.place, format!("expected a layer after `>>`, found `{layer}`")),
        }
    }

    /// Applies a name after `>>` that is not in scope: an activation of the user's or the library,
    /// or an error.
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
        let is_type = names_a_type(path);
        let near = suggestion(name, self.layer_names().iter().map(String::as_str));
        if path.segments.len() == 1 && !is_activation(name) && function::find(name).is_none() {
            let advice = habits::names::advice_after_chain(name, &[]);
            if let (Some(advice), false) = (advice, self.out_of_scope.contains_key(name)) {
                let own = if is_type { of_your_own(name) } else { String::new() };
                return self.error(layer.place, format!("no layer `{name}`: {advice}{own}"));
            }
        }
        if is_type && (near.is_empty() || is_activation(name)) {
            self.is_visible(path, layer.place)?;
            return self.apply_activation(path, input);
        }
        self.not_a_layer(name, layer)
    }

    /// Returns the advice for a layer or activation in the spelling of another library or language.
    /// `chained` if it stands after `>>`.
    pub(in crate::check) fn written_otherwise(
        &self,
        callee: &syn::Path,
        arguments: &[Argument],
        chained: bool,
    ) -> Option<String> {
        let last = callee.segments.last()?;
        let name = last.ident.to_string();
        if self.scope.contains_key(&name) || self.networks.find(callee).is_some() {
            return None;
        }
        let shapes = arguments.iter().all(|given| matches!(given.value().kind, ExprKind::List(_)));
        if let Some(kind) = find(&name) {
            return match (&last.arguments, callee.segments.len()) {
                (PathArguments::AngleBracketed(_), 1) => {
                    let sizes = generic_arguments(callee).unwrap_or_default();
                    let sizes: Vec<Argument> = sizes.into_iter().map(Argument::from).collect();
                    let layer = habits::names::layer(kind.usage, &sizes);
                    Some(format!(
                        "`{name}` takes its size in parentheses, that of the input is known: write `{layer}`"
                    ))
                }
                (_, 2..) if !shapes || arguments.is_empty() => {
                    let layer = habits::names::layer(kind.usage, arguments);
                    Some(format!("the language's layers have no path: write `{layer}`"))
                }
                _ => None,
            };
        }
        if callee.segments.len() > 1 {
            return None;
        }
        if is_activation(&name) {
            return Some(match arguments.is_empty() {
                true => format!("an activation takes no parentheses: write `>> {name}`"),
                false => format!(
                    "an activation takes no arguments: write `>> {name}`; one with other numbers is a type of your own that implements `Activation`"
                ),
            });
        }
        if function::find(&name).is_some() {
            return None;
        }
        let advice = match chained {
            true => habits::names::advice_after_chain(&name, arguments)?,
            false => habits::names::advice(&name)?,
        };
        let own = match (shapes, is_capitalised(&name)) {
            (true, true) => of_your_own(&format!("{name}()")),
            _ => String::new(),
        };
        Some(format!("no layer `{name}`: {advice}{own}"))
    }

    /// Checks a layer after `>>` whose input is in error, for errors within the layer itself.
    pub(in crate::check) fn layer_of_unknown(&mut self, layer: &Expr, of: &Expr) {
        let named = match &layer.kind {
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(Binding::Layer(named)) => Some(Rc::clone(named)),
                _ => None,
            },
            _ => None,
        };
        if let Some(described) = self.described(layer) {
            if let Ok(described) = described {
                self.check_options(&described);
            }
            return;
        }
        let input = named.as_ref().map(|layer| layer.borrow().input.clone());
        let before = self.report.problems().len();
        // the substitute input has an unknown size, which is never certain to differ from the
        // expected one
        let ty = Type::sample(vec![unknown_size()]);
        let zero = self.graph().number(0.0);
        let value = self.graph().expand(zero, &ty);
        let _ = self.apply(layer, value, of);
        for problem in self.report.split_off(before) {
            if problem.place.is_within(layer.place) {
                self.report.error(problem.place, problem.message);
            }
        }
        if let (Some(layer), Some(input)) = (named, input) {
            layer.borrow_mut().input = input;
        }
    }

    fn not_a_layer<T>(&mut self, name: &str, layer: &Expr) -> Result<T> {
        let place = match &layer.kind {
            ExprKind::Call { callee, .. } => callee.into(),
            _ => layer.place,
        };
        let bare = name.split("::<").next().unwrap_or_default();
        if matches!(self.scope.get(name), Some(Binding::Network(_)))
            || self.networks.names().any(|network| network == bare)
        {
            let inputs = self.networks.inputs(bare);
            let before = match inputs {
                Some(1) | None => "x".to_owned(),
                Some(count) => {
                    let names: Vec<String> =
                        ('a'..='z').take(count).map(|name| name.to_string()).collect();
                    format!("({})", names.join(", "))
                }
            };
            return self.error(
                place,
                match layer.kind {
                    ExprKind::Call { .. } => format!(
                        "`{name}` is a network of this macro, which takes no parentheses: write `{before} >> {name}`"
                    ),
                    _ => format!(
                        "`{name}` is a network, whose inputs stand before `>>`: `{before} >> {name}`"
                    ),
                },
            );
        }
        if let Some((_, declaration)) = DECLARATIONS.iter().find(|(own, _)| *own == name) {
            return self.error(
                place,
                format!("`{name}` is not a layer, but declares a value: `{declaration}`"),
            );
        }
        if function::find(name).is_some() {
            let own = self.layer_names();
            let layer = own.iter().find(|layer| layer.eq_ignore_ascii_case(name));
            let write = match layer {
                Some(layer) => format!("write `>> {layer}(..)`"),
                None => format!("write `{name}(x)`"),
            };
            return self.error(place, format!("`{name}` is a function, not a layer: {write}"));
        }
        if matches!(self.scope.get(name), Some(Binding::Activation(_))) {
            return self.error(place, format!("an activation takes no arguments: `>> {name}`"));
        }
        if matches!(self.scope.get(name), Some(Binding::Layer(_))) {
            return self
                .error(place, format!("`{name}` has its arguments already: write `>> {name}`"));
        }
        if let Some(line) = self.out_of_scope.get(name) {
            return self.error(
                place,
                format!("no layer `{name}` here: the one in the loop on line {line} is another in every iteration"),
            );
        }
        let mut known = self.layer_names();
        known.extend(activations().map(str::to_owned));
        let near = suggestion(name, known.iter().map(String::as_str));
        let hint = match near.is_empty() {
            true => {
                let known: Vec<&str> = names().collect();
                let like = somewhat_like(name, &known);
                let like: Vec<String> = like.iter().map(|name| format!("`{name}`")).collect();
                let like = match &like[..] {
                    [] => String::new(),
                    like => format!("; there are {}", like.join(", ")),
                };
                format!("{like}; all layers stand in the book's reference")
            }
            false => near,
        };
        self.error(place, format!("no layer `{name}`{hint}"))
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
        let Apply::Built(build) = kind.apply else { return Err(Reported) };
        let value = build(self, &mut layer, arguments, input)?;
        self.row_of_layer(&layer, kind.name, &[value], (first, before), nodes);
        Ok(value)
    }

    /// Adds the row of a layer to the summary: with the parameters from number `before` on, if it is
    /// applied for the `first` time, and the operations of the values from `nodes` on.
    pub(in crate::check) fn row_of_layer(
        &mut self,
        layer: &Layer,
        kind: &str,
        results: &[Value],
        (first, before): (bool, usize),
        nodes: usize,
    ) {
        let parameters = if first { &self.program.parameters[before..] } else { &[] };
        let learned = parameters.iter().filter(|parameter| parameter.state.is_none());
        let count = learned.fold(Size::default(), |sum, p| {
            sum.plus(&Size::product(p.iterations.iter().chain(&p.shape)))
        });
        let shape = results.first().map(|value| self.program.graph.shape(*value).to_vec());
        let declared = if first { before..self.program.parameters.len() } else { 0..0 };
        let row = Row {
            name: layer.name.clone(),
            layer: self.label(kind, &layer.arguments),
            shape: shape.unwrap_or_default(),
            parameters: count,
            flops: self.flops_from(nodes),
            depth: self.frame.depth,
            result: results.first().copied(),
            values: nodes..self.program.graph.values().count(),
        };
        self.program.rows.push(row);
        self.mark_row(results, declared);
    }
}

/// The functions that declare a value, each with an example.
const DECLARATIONS: [(&str, &str); 2] = [
    ("param", "let scale = param([64], init = ones);"),
    ("state", "let mut centre = state([64], init = zeros);"),
];

/// Returns the size of the input of a layer whose input is in error.
pub(in crate::check) fn unknown_size() -> Size {
    Size::symbol("unknown".to_owned())
}

/// Returns the hint how to write a type of the user's that has the name of something in another
/// library.
fn of_your_own(name: &str) -> String {
    format!(" (one of your own: `self::{name}`)")
}
