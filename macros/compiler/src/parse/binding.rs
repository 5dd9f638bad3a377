//! `let` statements and their attributes.

use super::body::{begins_statement, refuse, semicolon};
use super::expression::expression;
use super::pattern::{Pattern, name, pattern};
use super::repeated::{is_of_loop, loop_attribute, stored_name, without_value};
use super::skip_token;
use crate::ast::{Body, Expr, ExprKind, Let, Statement};
use crate::nearest::nearest;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Result, Token};

/// Parses a `let`. If only its names can be parsed, they are bound to an unknown value, so that
/// their uses cause no further errors.
pub fn let_statement(input: ParseStream, attributes: &[Attribute], body: &mut Body) -> Result<()> {
    input.parse::<Token![let]>()?;
    let place = input.span().into();
    let Pattern { names, mutable, fault } = pattern(input)?;
    let unknown = Expr { kind: ExprKind::Unknown, place };
    let unread = Let { stored_name: None, frozen: false, mutable, names, value: unknown };
    body.statements.push(Statement::Let(unread));
    let Some(Statement::Let(statement)) = body.statements.last_mut() else { return Ok(()) };
    if let Some(fault) = fault {
        return Err(fault);
    }
    let mut fault = None;
    if input.peek(Token![,]) {
        let at = input.span();
        while input.peek(Token![,]) {
            skip_token(input);
            statement.names.push(name(input)?);
        }
        let names = statement.pattern();
        fault =
            Some(Error::new(at, format!("several names stand in parentheses: `let {names} = ..`")));
    }
    if input.peek(Token![:]) {
        fault = Some(input.error(match input.peek2(Token![=]) {
            true => "a value follows `=`: write it without `:`",
            false => "shapes are inferred: a `let` takes no type",
        }));
        while !(input.is_empty() || input.peek(Token![=]) || input.peek(Token![;])) {
            skip_token(input);
        }
    } else if input.peek(Token![<-]) || input.peek(Token![->]) {
        return Err(input.error("expected `=`"));
    }
    if !input.peek(Token![=]) {
        let names = statement.pattern();
        return Err(input.error(format!("expected `=` and the value of `{names}`")));
    }
    input.parse::<Token![=]>()?;
    let mut value = expression(input)?;
    let mut repeated = match &mut value.kind {
        ExprKind::For(repeated) => Some(&mut **repeated),
        _ => None,
    };
    for attribute in attributes {
        match &mut repeated {
            Some(repeated) if is_of_loop(attribute) => loop_attribute(attribute, repeated)?,
            _ => let_attribute(attribute, statement)?,
        }
    }
    let (end, is_loop) = (value.place.end, matches!(value.kind, ExprKind::For(_)));
    statement.value = value;
    if let Some(fault) = fault {
        let at = fault.span();
        refuse(body, &fault, at);
    }
    if is_loop && !input.peek(Token![;]) {
        let error = input.error("expected `;` after the loop");
        if begins_statement(input) {
            refuse(body, &error, error.span());
            return Ok(());
        }
        return Err(error);
    }
    semicolon(input, body, end)
}

/// Stores `#[name = ".."]` or `#[frozen]` in the statement.
fn let_attribute(attribute: &Attribute, statement: &mut Let) -> Result<()> {
    if attribute.path().is_ident("name") {
        statement.stored_name = Some(stored_name(attribute)?);
    } else if attribute.path().is_ident("frozen") {
        without_value(attribute)?;
        statement.frozen = true;
    } else if is_of_loop(attribute) {
        return Err(Error::new_spanned(
            attribute,
            "only a loop has iterations: this attribute stands before a `for`",
        ));
    } else if !attribute.path().is_ident("doc") {
        return Err(Error::new_spanned(
            attribute,
            match is_frozen(attribute) {
                true => "no such attribute: parameters that do not learn are `#[frozen]`",
                false => "no such attribute: a `let` takes `#[name = \"...\"]` and `#[frozen]`",
            },
        ));
    }
    Ok(())
}

/// Returns true for an attribute that is meant as `#[frozen]`.
fn is_frozen(attribute: &Attribute) -> bool {
    let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
    let others = ["no_grad", "nograd", "detach", "stop_gradient", "requires_grad", "constant"];
    others.contains(&&*name)
        || ["fixed", "untrainable", "trainable", "not_trainable", "non_trainable"].contains(&&*name)
        || nearest(&name, ["frozen", "freeze"]).is_some()
}
