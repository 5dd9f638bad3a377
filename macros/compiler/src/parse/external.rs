//! Statements and clauses in places where other languages have them, with messages that say where
//! they stand here.

use super::{skip_statement, skip_token};
use crate::ast::{Body, Expr, ExprKind, Let, Statement};
use crate::habits::words;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Token, token};

/// Returns true if a loss or metric follows, as after a network's braces.
pub fn clause_follows(input: ParseStream) -> bool {
    let is_clause = |(word, _): (Ident, _)| word == "loss" || word == "metric";
    let value = input.peek2(syn::Ident) || input.peek2(Token![|]);
    // `loss: mse` or `loss = mse`
    let named = (input.peek2(Token![:]) || input.peek2(Token![=])) && input.peek3(syn::Ident);
    input.cursor().ident().is_some_and(is_clause) && (value || named)
}

/// Skips a statement of another language, or a loss inside of the braces, and returns the error.
/// Returns `None` if none follows.
pub fn external_statement(input: ParseStream, body: &mut Body) -> Option<Error> {
    if input.peek(LitStr) {
        let error = input.error("there are no strings here; a comment begins with `//`");
        while input.peek(LitStr) || input.peek(Token![;]) {
            skip_token(input);
        }
        return Some(error);
    }
    let (word, after) = input.cursor().ident()?;
    if clause_follows(input) && !names(body, &word) {
        let message = format!(
            "`{word}` stands after the network's braces: `Net(..) -> [..] {{ .. }} {word} ..`"
        );
        let error = input.error(message);
        while !input.is_empty() {
            skip_token(input);
        }
        return Some(error);
    }
    let (_, message) = words::STATEMENTS.iter().find(|(other, _)| word == other)?;
    let is_name = syn::parse_str::<Ident>(&word.to_string()).is_ok();
    if is_name && after.ident().is_none() {
        return None;
    }
    let error = input.error(message);
    if let (Some((name, _)), "var" | "val" | "auto") = (after.ident(), &*word.to_string()) {
        // the name is bound to an unknown value, so that its uses are no errors
        let value = Expr { kind: ExprKind::Unknown, place: name.span().into() };
        let (stored_name, frozen, mutable) = (None, false, vec![name.clone()]);
        let named = Let { stored_name, frozen, mutable, names: vec![name], value };
        body.statements.push(Statement::Let(named));
    }
    while !(input.is_empty() || input.peek(Token![;]) || input.peek(token::Brace)) {
        skip_token(input);
    }
    match input.peek(token::Brace) {
        true => skip_token(input),
        false => skip_statement(input),
    }
    Some(error)
}

/// Returns true if a `let` of the body binds this name.
fn names(body: &Body, word: &Ident) -> bool {
    body.statements.iter().any(|statement| match statement {
        Statement::Let(statement) => statement.names.contains(word),
        _ => false,
    })
}
