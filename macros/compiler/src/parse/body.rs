//! What stands in a network's braces: statements and a result.

use super::expression::expression;
use super::repeated::{is_loop, is_of_loop, loop_attribute, repeated, stored_name};
use super::skip_statement;
use crate::ast::{Assign, Body, Expr, ExprKind, Let, Statement};
use crate::report::Report;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Result, Token, braced, parenthesized, token};

/// The statements in braces, and whether all of them could be parsed.
pub fn body(input: ParseStream, report: &mut Report) -> Result<(Body, bool)> {
    let (body, error) = braced_body(input)?;
    let mut complete = error.is_none();
    if let Some(error) = error {
        report.syntax(&error);
    }
    if body.result.is_none() && complete {
        report.error(body.end, "expected a value here: a body ends with what the network gives");
        complete = false;
    }
    Ok((body, complete))
}

/// What stands in braces, and everything in it that could not be parsed.
pub fn braced_body(input: ParseStream) -> Result<(Body, Option<Error>)> {
    let content;
    let brace = braced!(content in input);
    let mut body = Body { statements: Vec::new(), result: None, end: brace.span.close().into() };
    let mut errors: Option<Error> = None;
    while !content.is_empty() {
        if let Err(Fault { error, goes_on }) = statement(&content, &mut body) {
            match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            }
            if !goes_on {
                skip_statement(&content);
            }
        }
    }
    Ok((body, errors))
}

/// What is wrong with a statement.
pub struct Fault {
    /// The error.
    pub error: Error,
    /// Whether the next statement begins here, and not after the next semicolon.
    pub goes_on: bool,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { error, goes_on: false }
    }
}

type Parsed = std::result::Result<(), Fault>;

fn statement(input: ParseStream, body: &mut Body) -> Parsed {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.peek(Token![let]) {
        return let_statement(input, &attributes, body);
    }
    if is_loop(input) {
        return for_statement(input, &attributes, body);
    }
    if let Some(attribute) = attributes.first() {
        let message = "attributes stand before a `let` or a `for`";
        return Err(Error::new_spanned(attribute, message).into());
    }
    let names = input.peek(syn::Ident) || input.peek(token::Paren);
    if names && input.peek2(Token![=]) && !input.peek2(Token![==]) {
        return assignment(input, body);
    }
    let value = expression(input)?;
    if let Some(error) = misplaced_assignment(input, &value) {
        return Err(error.into());
    }
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        let message = match input.is_empty() {
            true => "the last value is what the network gives: no `;` after it",
            false => "this value is not used: give it a name with `let`",
        };
        return Err(Fault { error: Error::new(semicolon.span, message), goes_on: true });
    }
    if !input.is_empty() {
        return Err(unfinished(input, &value));
    }
    body.result = Some(value);
    Ok(())
}

/// A loop; the last one of a body may give its value.
fn for_statement(input: ParseStream, attributes: &[Attribute], body: &mut Body) -> Parsed {
    let repeated = repeated(input, attributes)?;
    if input.is_empty() && repeated.body.result.is_some() {
        let place = repeated.place;
        body.result = Some(Expr { kind: ExprKind::For(Box::new(repeated)), place });
        return Ok(());
    }
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    }
    if let Some(result) = &repeated.body.result {
        let message =
            "what the loop gives is not used: name it with `let ys = for ..`, or end this with `;`";
        return Err(Error::new(result.place.start, message).into());
    }
    body.statements.push(Statement::For(Box::new(repeated)));
    Ok(())
}

/// `h = h + x;` or `(h, c) = ..;`
fn assignment(input: ParseStream, body: &mut Body) -> Parsed {
    let place = input.span().into();
    let Pattern { names, mutable, .. } = pattern(input)?;
    let unknown = Expr { kind: ExprKind::Unknown, place };
    body.statements.push(Statement::Assign(Assign { names, value: unknown }));
    if let Some(name) = mutable.first() {
        let message = format!("`{name}` was declared already: assign without `mut`");
        return Err(Error::new(name.span(), message).into());
    }
    input.parse::<Token![=]>()?;
    let parsed = expression(input)?;
    let unfinished = (!input.peek(Token![;])).then(|| unfinished(input, &parsed));
    if let Some(Statement::Assign(assign)) = body.statements.last_mut() {
        assign.value = parsed;
    }
    if let Some(fault) = unfinished {
        return Err(fault);
    }
    input.parse::<Token![;]>()?;
    Ok(())
}

/// `h += x` and `h[0] = x`, which there are not.
fn misplaced_assignment(input: ParseStream, target: &Expr) -> Option<Error> {
    let operators = [("+", input.peek(Token![+=])), ("-", input.peek(Token![-=]))];
    let more = [("*", input.peek(Token![*=])), ("/", input.peek(Token![/=]))];
    let found = operators.into_iter().chain(more).find(|(_, found)| *found);
    if let Some((sign, _)) = found {
        return Some(input.error(format!("write `{target} = {target} {sign} ..`")));
    }
    if !input.peek(Token![=]) {
        return None;
    }
    let message = match target.kind {
        ExprKind::Index(..) => {
            "a part of a value cannot be assigned: build the whole with `concat` or `stack`"
        }
        _ => "only a name can be assigned to",
    };
    Some(Error::new(target.place.start, message))
}

/// Whether the keyword of a statement follows.
fn begins_statement(input: ParseStream) -> bool {
    input.peek(Token![let]) || is_loop(input)
}

/// After a value: on the next line a semicolon was forgotten, on the same an operator.
fn unfinished(input: ParseStream, value: &Expr) -> Fault {
    let end = value.place.end;
    let next_line = input.span().start().line > end.end().line;
    if next_line || begins_statement(input) {
        return Fault { error: Error::new(end, "expected `;` after this"), goes_on: true };
    }
    input.error("expected `;` or an operator").into()
}

/// A `let`; where only its name can be read, the name stands for something unknown, so that no
/// use of it is an error as well.
fn let_statement(input: ParseStream, attributes: &[Attribute], body: &mut Body) -> Parsed {
    input.parse::<Token![let]>()?;
    let place = input.span().into();
    let Pattern { names, mutable, fault } = pattern(input)?;
    let unknown = Expr { kind: ExprKind::Unknown, place };
    let unread = Let { stored_name: None, frozen: false, mutable, names, value: unknown };
    body.statements.push(Statement::Let(unread));
    let Some(Statement::Let(statement)) = body.statements.last_mut() else { return Ok(()) };
    if let Some(fault) = fault {
        return Err(fault.into());
    }
    if input.peek(Token![:]) {
        return Err(input.error("shapes are inferred: a `let` takes no type").into());
    }
    if !input.peek(Token![=]) {
        let names = statement.pattern();
        return Err(input.error(format!("expected `=` and the value of `{names}`")).into());
    }
    input.parse::<Token![=]>()?;
    let mut value = expression(input)?;
    let unfinished = (!input.peek(Token![;])).then(|| match value.kind {
        ExprKind::For(_) => Fault {
            error: input.error("expected `;` after the loop"),
            goes_on: begins_statement(input),
        },
        _ => unfinished(input, &value),
    });
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
    statement.value = value;
    if let Some(fault) = unfinished {
        return Err(fault);
    }
    input.parse::<Token![;]>()?;
    Ok(())
}

/// `h`, or `(mean, mut log_var)`.
pub struct Pattern {
    /// All names.
    pub names: Vec<Ident>,
    /// Those that are `mut`.
    pub mutable: Vec<Ident>,
    /// What is wrong although the names are known.
    pub fault: Option<Error>,
}

/// A name, or several in parentheses.
pub fn pattern(input: ParseStream) -> Result<Pattern> {
    let (mut names, mut mutable) = (Vec::new(), Vec::new());
    let outer: Option<Token![mut]> = input.parse()?;
    if !input.peek(token::Paren) {
        let name = name(input)?;
        mutable.extend(outer.is_some().then(|| name.clone()));
        return Ok(Pattern { names: vec![name], mutable, fault: None });
    }
    let content;
    let paren = parenthesized!(content in input);
    let fault = outer.map(|outer| {
        Error::new(outer.span, "`mut` stands before each name: `let (mut a, b) = ..`")
    });
    while !content.is_empty() {
        let inner: Option<Token![mut]> = content.parse()?;
        let name = match content.peek(Token![_]) {
            true => Ident::new("_", content.parse::<Token![_]>()?.span),
            false => name(&content)?,
        };
        mutable.extend(inner.is_some().then(|| name.clone()));
        names.push(name);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    match names.is_empty() {
        true => Err(Error::new(paren.span.join(), "expected a name in the parentheses")),
        false => Ok(Pattern { names, mutable, fault }),
    }
}

/// A name.
fn name(input: ParseStream) -> Result<Ident> {
    if input.peek(syn::Ident) { input.parse() } else { Err(input.error("expected a name")) }
}

/// `#[name = ".."]` or `#[frozen]`.
fn let_attribute(attribute: &Attribute, statement: &mut Let) -> Result<()> {
    if attribute.path().is_ident("name") {
        statement.stored_name = Some(stored_name(attribute)?);
    } else if attribute.path().is_ident("frozen") {
        attribute.meta.require_path_only()?;
        statement.frozen = true;
    } else if is_of_loop(attribute) {
        return Err(Error::new_spanned(
            attribute,
            "only a loop has turns: this attribute stands before a `for`",
        ));
    } else if !attribute.path().is_ident("doc") {
        return Err(Error::new_spanned(
            attribute,
            "no such attribute: a `let` takes `#[name = \"...\"]` and `#[frozen]`",
        ));
    }
    Ok(())
}
