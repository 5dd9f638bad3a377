//! Makes a network of a description: puts the values of options in, keeps the statements whose
//! conditions hold, and writes loops out that are marked with `#[unroll]`.

use super::{Absent, Description};
use crate::ast::{
    Argument, Assign, Body, Expr, ExprKind, For, Input, Let, Network, Operator, Over, Selection,
    Shape, Statement, path_text,
};
use crate::parse::default_value;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use std::collections::HashMap;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Token};

/// Returns the network that a description is with the values of its options that are known to the
/// macro, with other options that are sizes, and with the inputs that are `given`.
///
/// # Panics
/// If a condition of the description is malformed.
#[must_use]
pub fn specialise<'a>(
    description: &Description,
    name: &Ident,
    values: &HashMap<String, Expr>,
    sizes: impl Iterator<Item = &'a str>,
    given: &[bool],
) -> Network {
    let mut options = values.clone();
    options.extend(sizes.map(|size| (size.to_owned(), path(&Ident::new(size, Span::call_site())))));
    let mut substituted = values.clone();
    for (input, given) in description.inputs.iter().zip(given) {
        let text = input.name.to_string();
        options.insert(text.clone(), flag(*given));
        match &input.absent {
            _ if *given => {}
            Some(Absent::Input(other)) => {
                // the input that it stands for may itself stand for another
                let known = substituted.get(&other.to_string()).cloned();
                substituted.insert(text, known.unwrap_or_else(|| path(other)));
                // its sizes are those of the other
                let stands = description.inputs.iter().find(|input| input.name == *other);
                let sizes = stands.iter().flat_map(|stands| &stands.shape.sizes);
                for (own, size) in input.shape.sizes.iter().zip(sizes) {
                    let size = substituted.get(&size.to_string()).unwrap_or(size).clone();
                    if own.to_string() != size.to_string() {
                        substituted.insert(own.to_string(), size);
                    }
                }
            }
            _ => {
                substituted.insert(text, path(&Ident::new("none", Span::call_site())));
            }
        }
    }
    let inputs = description.inputs.iter().zip(given).filter(|(_, given)| **given);
    let inputs: Vec<Input> = inputs
        .map(|(input, _)| Input {
            name: input.name.clone(),
            element: Some(input.element),
            kind: Some((input.element, input.shape.clone())),
        })
        .collect();
    let mut names = Names { options, substituted };
    let outputs = description.outputs.iter().map(|shape| names.shape(shape)).collect();
    let body = names.body(&description.body);
    Network {
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        name: name.clone(),
        generics: Vec::new(),
        inputs,
        outputs,
        body,
        loss: None,
        metrics: Vec::new(),
        streaming: None,
        input_gradients: None,
        inspect: None,
        complete: true,
        counted: true,
    }
}

fn flag(value: bool) -> Expr {
    Expr { kind: ExprKind::Bool(value), place: Span::call_site().into() }
}

fn path(name: &Ident) -> Expr {
    Expr { kind: ExprKind::Path(name.clone().into()), place: name.span().into() }
}

/// The values of names while a description is specialised.
#[derive(Clone)]
struct Names {
    /// The options, and `true` or `false` for inputs, which conditions go by.
    options: HashMap<String, Expr>,
    /// Those that are put in; a name that a statement binds is no longer among them.
    substituted: HashMap<String, Expr>,
}

impl Names {
    fn shape(&self, shape: &Shape) -> Shape {
        let sizes = shape.sizes.iter().map(|size| self.expr(size)).collect();
        Shape { sizes, place: shape.place }
    }

    fn body(&mut self, body: &Body) -> Body {
        let statements = self.statements(&body.statements);
        let result = body.result.as_ref().map(|result| self.expr(result));
        Body { statements, result, end: body.end }
    }

    fn statements(&mut self, statements: &[Statement]) -> Vec<Statement> {
        statements.iter().flat_map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, statement: &Statement) -> Vec<Statement> {
        match statement {
            Statement::When(when) => match self.holds(&condition(&when.condition)) {
                true => self.statement(&when.statement),
                false => Vec::new(),
            },
            Statement::Let(bound) if bound.value.to_string() == "none" => {
                // later statements have no such value
                let absent = bound.names.iter().map(|name| (name.to_string(), bound.value.clone()));
                self.substituted.extend(absent);
                Vec::new()
            }
            Statement::Let(bound) => {
                let value = self.expr(&bound.value);
                for name in &bound.names {
                    self.substituted.remove(&name.to_string());
                }
                let stored_name = bound.stored_name.as_ref().map(|name| self.stored(name));
                vec![Statement::Let(Let { stored_name, value, ..bound.clone() })]
            }
            Statement::Assign(assign) => {
                let value = self.expr(&assign.value);
                vec![Statement::Assign(Assign { names: assign.names.clone(), value })]
            }
            Statement::For(repeated) if repeated.unroll => self.unrolled(repeated),
            Statement::For(repeated) => vec![Statement::For(Box::new(self.repeated(repeated)))],
        }
    }

    /// Returns the statements of all iterations of a loop over numbers.
    fn unrolled(&mut self, repeated: &For) -> Vec<Statement> {
        let Over::Range(start, end) = &repeated.over else { return Vec::new() };
        let (start, end) = (self.number(start), self.number(end));
        let name = repeated.names[0].to_string();
        let mut statements = Vec::new();
        let mut at = start;
        while at < end {
            let number = Expr { kind: ExprKind::Number(at), place: repeated.place };
            self.options.insert(name.clone(), number.clone());
            self.substituted.insert(name.clone(), number);
            statements.extend(self.statements(&repeated.body.statements));
            at += 1.0;
        }
        self.options.remove(&name);
        self.substituted.remove(&name);
        statements
    }

    fn repeated(&self, repeated: &For) -> For {
        let over = match &repeated.over {
            Over::Range(start, end) => Over::Range(self.expr(start), self.expr(end)),
            Over::Values { values, reversed } => Over::Values {
                values: values.iter().map(|value| self.expr(value)).collect(),
                reversed: *reversed,
            },
        };
        let mut inside = self.clone();
        for name in &repeated.names {
            inside.substituted.remove(&name.to_string());
        }
        let truncate = repeated.truncate.as_ref().map(|count| self.expr(count));
        let stored_name = repeated.stored_name.as_ref().map(|name| self.stored(name));
        For { stored_name, truncate, over, body: inside.body(&repeated.body), ..repeated.clone() }
    }

    /// Puts numbers into the braces of a stored name: `weight_ih_l{k}`. The text in `{d:_reverse}`
    /// stays if d is not 0.
    fn stored(&self, name: &LitStr) -> LitStr {
        let mut text = name.value();
        for (option, value) in &self.substituted {
            let ExprKind::Number(number) = value.kind else { continue };
            text = text.replace(&format!("{{{option}}}"), &number.to_string());
            if let Some((before, rest)) = text.split_once(&format!("{{{option}:"))
                && let Some((shown, after)) = rest.split_once('}')
            {
                let shown = if number == 0.0 { "" } else { shown };
                text = format!("{before}{shown}{after}");
            }
        }
        LitStr::new(&text, name.span())
    }

    fn expr(&self, expr: &Expr) -> Expr {
        let boxed = |part: &Expr| Box::new(self.expr(part));
        let all = |parts: &[Expr]| parts.iter().map(|part| self.expr(part)).collect();
        let kind = match &expr.kind {
            ExprKind::Path(path) => match self.substituted.get(&path_text(path)) {
                Some(value) => return value.clone(),
                None => expr.kind.clone(),
            },
            ExprKind::Call { callee, arguments } => ExprKind::Call {
                callee: callee.clone(),
                arguments: arguments.iter().map(|argument| self.argument(argument)).collect(),
            },
            ExprKind::Chain(value, layer) => ExprKind::Chain(boxed(value), boxed(layer)),
            ExprKind::Binary { operator, left, right } => {
                let (left, right) = (boxed(left), boxed(right));
                ExprKind::Binary { operator: *operator, left, right }
            }
            ExprKind::Negate(value) => ExprKind::Negate(boxed(value)),
            ExprKind::Index(value, selections) => ExprKind::Index(
                boxed(value),
                selections.iter().map(|selection| self.selection(selection)).collect(),
            ),
            ExprKind::Tuple(items) => ExprKind::Tuple(all(items)),
            ExprKind::List(items) => ExprKind::List(all(items)),
            ExprKind::For(repeated) => ExprKind::For(Box::new(self.repeated(repeated))),
            _ => expr.kind.clone(),
        };
        Expr { kind, place: expr.place }
    }

    fn argument(&self, argument: &Argument) -> Argument {
        match argument {
            Argument::Positional(value) => Argument::Positional(self.expr(value)),
            Argument::Option { name, value } => {
                Argument::Option { name: name.clone(), value: self.expr(value) }
            }
        }
    }

    fn selection(&self, selection: &Selection) -> Selection {
        match selection {
            Selection::At(index) => Selection::At(self.expr(index)),
            Selection::Range { start, end, step, reversed, place } => Selection::Range {
                start: start.as_ref().map(|start| self.expr(start)),
                end: end.as_ref().map(|end| self.expr(end)),
                step: step.as_ref().map(|step| Box::new(self.expr(step))),
                reversed: *reversed,
                place: *place,
            },
        }
    }

    /// Returns a number that is known to the macro: a literal, an option, or arithmetic on them.
    fn number(&self, expr: &Expr) -> f64 {
        match &expr.kind {
            ExprKind::Number(number) => *number,
            ExprKind::Bool(flag) => f64::from(u8::from(*flag)),
            ExprKind::Path(path) => {
                let option = self.options.get(&path_text(path));
                option.map_or(f64::NAN, |value| match value.kind {
                    ExprKind::Path(_) => f64::NAN,
                    _ => self.number(value),
                })
            }
            ExprKind::Binary { operator, left, right } => {
                let (left, right) = (self.number(left), self.number(right));
                match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => (left / right).floor(),
                    _ => f64::NAN,
                }
            }
            _ => f64::NAN,
        }
    }

    /// Returns true if a condition holds: `bias` for a flag, an input or an option that is given,
    /// `not(bias)`, `all(affine, bias)`, `any(..)`, `mode = reflect`, `layers = 1`.
    fn holds(&self, meta: &Meta) -> bool {
        match meta {
            Meta::Path(option) => {
                let value = option.get_ident().and_then(|name| self.options.get(&name.to_string()));
                value.is_some_and(|value| match &value.kind {
                    ExprKind::Bool(flag) => *flag,
                    // an option that has a value
                    ExprKind::Path(path) => !path.is_ident("none"),
                    _ => true,
                })
            }
            Meta::List(list) => {
                let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
                let parts = parser.parse2(list.tokens.clone()).unwrap_or_default();
                match () {
                    () if list.path.is_ident("not") => !parts.iter().all(|part| self.holds(part)),
                    () if list.path.is_ident("any") => parts.iter().any(|part| self.holds(part)),
                    () => parts.iter().all(|part| self.holds(part)),
                }
            }
            Meta::NameValue(pair) => {
                let value = pair.value.to_token_stream();
                let Ok(wanted) = default_value.parse2(value) else { return false };
                let name = pair.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let Some(option) = self.options.get(&name) else { return false };
                let (left, right) = (self.number(option), self.number(&wanted));
                let wanted = self.options.get(&wanted.to_string()).unwrap_or(&wanted);
                left == right || option.to_string() == wanted.to_string()
            }
        }
    }
}

/// Returns the condition in `#[cfg(..)]`.
fn condition(attribute: &Attribute) -> Meta {
    attribute.parse_args().unwrap_or_else(|_| Meta::Path(attribute.path().clone()))
}
