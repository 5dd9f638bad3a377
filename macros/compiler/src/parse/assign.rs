//! Assignments, and errors for those of other languages.

use super::body::semicolon;
use super::expression::expression;
use super::pattern::{Pattern, pattern};
use crate::ast::{Assign, Body, Expr, ExprKind, Statement};
use crate::habits::operators::OPERATORS;
use syn::parse::ParseStream;
use syn::{Error, Result, Token};

/// Parses an assignment: `h = h + x;` or `(h, c) = ..;`
pub fn assignment(input: ParseStream, body: &mut Body) -> Result<()> {
    let place = input.span().into();
    let Pattern { names, mutable, .. } = pattern(input)?;
    let unknown = Expr { kind: ExprKind::Unknown, place };
    body.statements.push(Statement::Assign(Assign { names, value: unknown }));
    if let Some(name) = mutable.first() {
        let message = format!("`{name}` was declared already: assign without `mut`");
        return Err(Error::new(name.span(), message));
    }
    input.parse::<Token![=]>()?;
    let parsed = expression(input)?;
    let end = parsed.place.end;
    if let Some(Statement::Assign(assign)) = body.statements.last_mut() {
        assign.value = parsed;
    }
    semicolon(input, body, end)
}

/// Returns the error for an assignment that the language does not have, such as `h += x` or
/// `h[0] = x`, if one follows `target`.
pub fn misplaced_assignment(input: ParseStream, target: &Expr) -> Option<Error> {
    if let Some(sign) = ["+", "-", "*", "/"].into_iter().find(|sign| assigns(input, sign)) {
        return Some(input.error(format!("write `{target} = {target} {sign} ..`")));
    }
    if let Some(operator) = OPERATORS.iter().find(|operator| assigns(input, operator.sign)) {
        let what = operator.message(&target.to_string(), "..");
        return Some(input.error(format!("{what}; assign it with `{target} = ..`")));
    }
    if input.peek(Token![>>=]) {
        return Some(input.error(format!("write `{target} = {target} >> ..`")));
    }
    if !input.peek(Token![=]) {
        return None;
    }
    if let Some((_, refused)) = target.refusals().first() {
        return Some(Error::new(refused.at.start, &refused.message));
    }
    let message = match target.kind {
        ExprKind::Index(..) => {
            "a part of a value cannot be assigned: build the whole with `concat` or `stack`"
        }
        _ => "only a name can be assigned to",
    };
    Some(Error::new(target.place.start, message))
}

/// Returns true if the operator and `=` follow without a space between: `+=`.
pub fn assigns(input: ParseStream, sign: &str) -> bool {
    let mut cursor = input.cursor();
    for expected in sign.chars().chain(['=']) {
        match cursor.punct() {
            Some((punct, rest)) if punct.as_char() == expected => cursor = rest,
            _ => return false,
        }
    }
    true
}
