//! Bodies: the statements and the result in braces.

use super::assign::{assignment, misplaced_assignment};
use super::binding::let_statement;
use super::expression::{comment, expression, known_by};
use super::external::{clause_follows, external_statement};
use super::repeated::{is_loop, repeated};
use super::{skip_statement, skip_token};
use crate::ast::{Assign, Body, Expr, ExprKind, For, Let, Statement, When};
use crate::report::{Place, Report};
use proc_macro2::{Ident, Span};
use syn::parse::ParseStream;
use syn::{Attribute, Error, Result, Token, braced, token};

/// Parses the body of a network and reports its refused forms. Returns it with `true` if it has no
/// error.
pub fn body(input: ParseStream, report: &mut Report) -> Result<(Body, bool)> {
    let body = braced_body(input, Use::Network)?;
    let described = described_only(&body.statements);
    let mut complete = described.is_empty();
    described.into_iter().for_each(|(place, what)| report.error(place, what));
    complete &= is_whole(&body, report);
    Ok((body, complete))
}

/// Parses the body of a layer's description, which may have conditions, and reports its refused
/// forms.
pub fn described_body(input: ParseStream, report: &mut Report) -> Result<Body> {
    let body = braced_body(input, Use::Network)?;
    is_whole(&body, report);
    Ok(body)
}

/// Returns true if the body has no refused form and ends with a value, and reports it otherwise.
fn is_whole(body: &Body, report: &mut Report) -> bool {
    let mut complete = true;
    for value in body.statements.iter().flat_map(Statement::values).chain(&body.result) {
        complete &= !report.refusals(value);
    }
    if body.result.is_none() && complete {
        report.error(body.end, "expected a value here: a body ends with what the network gives");
        complete = false;
    }
    complete
}

/// Returns the errors for what only the description of a layer of the language has: conditions, and
/// loops that are written out.
fn described_only(statements: &[Statement]) -> Vec<(Place, &'static str)> {
    let of_loop = |repeated: &For| {
        let what = "the iterations of a loop are compiled once: leave `#[unroll]` out";
        let here = repeated.unroll.then_some((repeated.place, what));
        here.into_iter().chain(described_only(&repeated.body.statements)).collect::<Vec<_>>()
    };
    let errors = statements.iter().flat_map(|statement| match statement {
        Statement::When(when) => {
            let place = syn::spanned::Spanned::span(&when.condition).into();
            vec![(
                place,
                "a network has no options that a condition could go by: leave `#[cfg]` out",
            )]
        }
        Statement::For(repeated) => of_loop(repeated),
        Statement::Let(Let { value, .. }) | Statement::Assign(Assign { value, .. }) => {
            match &value.kind {
                ExprKind::For(repeated) => of_loop(repeated),
                _ => Vec::new(),
            }
        }
    });
    errors.collect()
}

/// The construct that the braces belong to, on which error messages depend.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Network,
    Iteration,
    Loss,
}

/// Parses a body in braces. A statement that cannot be parsed becomes a `let _` of a refused
/// expression, so that its error is reported with the others, and parsing resumes at the next
/// statement.
pub fn braced_body(input: ParseStream, used: Use) -> Result<Body> {
    let content;
    let brace = braced!(content in input);
    let mut body = Body { statements: Vec::new(), result: None, end: brace.span.close().into() };
    while !content.is_empty() {
        let start = content.span();
        if let Some(error) = comment(&content) {
            refuse(&mut body, &error, start);
        } else if let Some(error) = external_statement(&content, &mut body) {
            refuse(&mut body, &error, start);
        } else if let Err(error) = statement(&content, &mut body, used) {
            refuse(&mut body, &error, start);
            skip_statement(&content);
        }
    }
    Ok(body)
}

/// Adds the error of a statement to the body, as a `let _` of a refused expression.
pub(super) fn refuse(body: &mut Body, error: &Error, start: Span) {
    unnamed(body, known_by(error, start, start));
}

/// Adds an unused value to the body, as a `let _`, so that it is checked nevertheless.
fn unnamed(body: &mut Body, value: Expr) {
    let names = vec![Ident::new("_", value.place.start)];
    let unnamed = Let { stored_name: None, frozen: false, mutable: Vec::new(), names, value };
    body.statements.push(Statement::Let(unnamed));
}

fn statement(input: ParseStream, body: &mut Body, used: Use) -> Result<()> {
    let mut attributes = input.call(Attribute::parse_outer)?;
    let condition = attributes.iter().position(|attribute| attribute.path().is_ident("cfg"));
    if let Some(condition) = condition.map(|index| attributes.remove(index)) {
        let mut inner = Body { statements: Vec::new(), result: None, end: body.end };
        let outcome = statement_with(input, &attributes, &mut inner, used);
        body.statements.extend(inner.statements.into_iter().map(|statement| {
            Statement::When(Box::new(When { condition: condition.clone(), statement }))
        }));
        body.result = inner.result.or(body.result.take());
        return outcome;
    }
    statement_with(input, &attributes, body, used)
}

/// Parses a statement after its attributes.
fn statement_with(
    input: ParseStream,
    attributes: &[Attribute],
    body: &mut Body,
    used: Use,
) -> Result<()> {
    if input.peek(Token![let]) {
        return let_statement(input, attributes, body);
    }
    if is_loop(input) {
        return for_statement(input, attributes, body);
    }
    if let Some(attribute) = attributes.first() {
        return Err(Error::new_spanned(attribute, "attributes stand before a `let` or a `for`"));
    }
    let names = input.peek(syn::Ident) || input.peek(token::Paren);
    if names && input.peek2(Token![=]) && !(input.peek2(Token![==]) || input.peek2(Token![=>])) {
        return assignment(input, body);
    }
    let value = expression(input)?;
    if let Some(error) = misplaced_assignment(input, &value) {
        return Err(error);
    }
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        if value.refusals().is_empty() {
            let at = semicolon.span;
            let error = Error::new(at, unused(&value, input.is_empty(), used));
            refuse(body, &error, at);
        }
        match input.is_empty() {
            true => body.result = Some(value),
            false => unnamed(body, value),
        }
        return Ok(());
    }
    if input.peek(Token![,]) {
        let at = input.span();
        skip_token(input);
        let message = match input.is_empty() {
            true => "the last value is what the network gives: no `,` after it",
            false => "several values stand in parentheses: `(a, b)`",
        };
        refuse(body, &Error::new(at, message), at);
        if input.is_empty() {
            body.result = Some(value);
            return Ok(());
        }
        unnamed(body, value);
        body.result = Some(Expr { kind: ExprKind::Unknown, place: at.into() });
        while !input.is_empty() {
            skip_token(input);
        }
        return Ok(());
    }
    if matches!(value.kind, ExprKind::Refused(_)) && !input.is_empty() {
        // a refused form, such as an `if` in braces, may end without a `;`
        unnamed(body, value);
        return Ok(());
    }
    if !input.is_empty() && !clause_follows(input) {
        unfinished(input, body, value.place.end)?;
        unnamed(body, value);
        return Ok(());
    }
    body.result = Some(value);
    Ok(())
}

/// Returns the message for an unused value before a semicolon.
fn unused(value: &Expr, is_last: bool, used: Use) -> String {
    match (used, first_name(value)) {
        (Use::Network, _) if is_last => {
            "the last value is what the network gives: no `;` after it".to_owned()
        }
        (Use::Loss, _) if is_last => "the last value is the loss: no `;` after it".to_owned(),
        (Use::Iteration, Some(name)) => {
            format!(
                "this value is not used: assign it to what is carried from iteration to iteration, `{name} = {value};`"
            )
        }
        (Use::Iteration, None) if is_last => {
            "the last value is what the iteration gives: no `;` after it".to_owned()
        }
        (_, Some(name)) => format!(
            "this value is not used: name it, `let y = {value};`, or assign it, `{name} = {value};`"
        ),
        (_, None) => format!("this value is not used: name it, `let y = {value};`"),
    }
}

/// Returns the name with which a chain or a calculation begins.
fn first_name(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Path(path) => path.get_ident().map(ToString::to_string),
        ExprKind::Chain(left, _) | ExprKind::Binary { left, .. } => first_name(left),
        _ => None,
    }
}

/// Parses a loop. As the last statement of a body, one with a result becomes the body's result.
fn for_statement(input: ParseStream, attributes: &[Attribute], body: &mut Body) -> Result<()> {
    let repeated = repeated(input, attributes)?;
    if input.is_empty() && repeated.body.result.is_some() {
        let place = repeated.place;
        body.result = Some(Expr { kind: ExprKind::For(Box::new(repeated)), place });
        return Ok(());
    }
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    }
    let refused = repeated.values().into_iter().flat_map(Expr::refusals).next().is_some();
    if let (Some(result), false) = (&repeated.body.result, refused) {
        let error = Error::new(
            result.place.start,
            "what the loop gives is not used: name it with `let ys = for ..`, or assign it in each iteration, `h = ..;`",
        );
        refuse(body, &error, result.place.start);
    }
    body.statements.push(Statement::For(Box::new(repeated)));
    Ok(())
}

/// Returns true if a `let` or a loop follows.
pub(super) fn begins_statement(input: ParseStream) -> bool {
    input.peek(Token![let]) || is_loop(input)
}

/// Parses the semicolon after a value that ends at `end`. If it is missing before a new line or
/// statement, it was forgotten: the error becomes a part of the body, and parsing goes on. On the
/// same line an operator is more likely missing: the error is returned.
pub fn semicolon(input: ParseStream, body: &mut Body, end: Span) -> Result<()> {
    match input.peek(Token![;]) {
        true => input.parse::<Token![;]>().map(drop),
        false => unfinished(input, body, end),
    }
}

fn unfinished(input: ParseStream, body: &mut Body, end: Span) -> Result<()> {
    let next_line = input.span().start().line > end.end().line;
    if next_line || begins_statement(input) {
        refuse(body, &Error::new(end, "expected `;` after this"), end);
        return Ok(());
    }
    Err(input.error("expected `;` or an operator"))
}
