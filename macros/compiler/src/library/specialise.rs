//! Makes a network of a description: puts the values of options in, keeps the statements whose
//! conditions hold, and writes loops out that are marked with `#[unroll]`.

use super::{Absent, Description};
use crate::ast::{
    Argument, Assign, Body, Expr, ExprKind, For, Input, Let, Network, Operator, Over, Selection,
    Statement, path_text,
};
use proc_macro2::{Ident, Span};
use std::collections::HashMap;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Token};

/// Returns the network that a description is with the values of its options that are known to the
/// macro, and with the first `given` inputs.
///
/// # Panics
/// If a condition of the description is malformed.
#[must_use]
pub fn specialise(
    description: &Description,
    name: &Ident,
    values: &HashMap<String, Expr>,
    given: usize,
) -> Network {
    let mut options = values.clone();
    let mut substituted = values.clone();
    for (index, input) in description.inputs.iter().enumerate() {
        let text = input.name.to_string();
        options.insert(text.clone(), flag(index < given));
        match &input.absent {
            Some(Absent::Input(other)) if index >= given => {
                // an input in the place of another may itself be absent
                let other = substituted.get(&other.to_string()).cloned();
                let Some(Absent::Input(named)) = &input.absent else { continue };
                substituted.insert(text, other.unwrap_or_else(|| path(named)));
            }
            _ => {}
        }
    }
    let inputs = description.inputs.iter().take(given);
    let inputs: Vec<Input> = inputs
        .map(|input| Input {
            name: input.name.clone(),
            kind: Some((input.element, input.shape.clone())),
        })
        .collect();
    let mut names = Names { options, substituted };
    let body = names.body(&description.body);
    Network {
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        name: name.clone(),
        generics: Vec::new(),
        inputs,
        outputs: description.outputs.clone(),
        body,
        loss: None,
        metrics: Vec::new(),
        streaming: None,
        complete: true,
    }
}

fn flag(value: bool) -> Expr {
    Expr { kind: ExprKind::Bool(value), place: Span::call_site().into() }
}

fn path(name: &Ident) -> Expr {
    Expr { kind: ExprKind::Path(name.clone().into()), place: name.span().into() }
}

/// What names stand for.
#[derive(Clone)]
struct Names {
    /// The options, and `true` or `false` for inputs, which conditions go by.
    options: HashMap<String, Expr>,
    /// Those that are put in; a name that a statement binds is no longer among them.
    substituted: HashMap<String, Expr>,
}

impl Names {
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

    /// Puts numbers into the braces of a stored name: `weight_ih_l{k}`.
    fn stored(&self, name: &LitStr) -> LitStr {
        let mut text = name.value();
        for (option, value) in &self.substituted {
            if let ExprKind::Number(number) = value.kind {
                text = text.replace(&format!("{{{option}}}"), &number.to_string());
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
            ExprKind::Path(path) => match self.options.get(&path_text(path)) {
                Some(Expr { kind: ExprKind::Number(number), .. }) => *number,
                _ => f64::NAN,
            },
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

    /// Returns true if a condition holds: `bias`, `not(bias)`, `all(affine, bias)`, `any(..)`,
    /// `mode = reflect`, `layers = 1`.
    fn holds(&self, meta: &Meta) -> bool {
        match meta {
            Meta::Path(option) => {
                let value = option.get_ident().and_then(|name| self.options.get(&name.to_string()));
                matches!(value, Some(Expr { kind: ExprKind::Bool(true), .. }))
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
                let name = pair.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let value = &pair.value;
                let wanted = quote::quote!(#value).to_string();
                self.options.get(&name).is_some_and(|option| option.to_string() == wanted)
            }
        }
    }
}

/// Returns the condition in `#[cfg(..)]`.
fn condition(attribute: &Attribute) -> Meta {
    attribute.parse_args().unwrap_or_else(|_| Meta::Path(attribute.path().clone()))
}
