//! Selections: the contents of the brackets after a value.

use super::{Parser, refused};
use crate::ast::{Expr, ExprKind, Refused, Selection};
use crate::parse::skip_token;
use crate::report::Place;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, parenthesized, token};

impl Parser {
    /// Parses `a..b`, `i`, or a range in parentheses with `.rev()` and `.step_by(2)`.
    pub(super) fn selection(&mut self, input: ParseStream) -> Result<Selection> {
        let adapted =
            input.peek(token::Paren) && input.peek2(Token![.]) && !input.peek2(Token![..]);
        if !adapted {
            return self.range(input);
        }
        let content;
        parenthesized!(content in input);
        let mut selection = self.range(&content)?;
        let Selection::Range { step, reversed, .. } = &mut selection else {
            return Err(input.error("only a range has a step: `(a..b).step_by(2)`"));
        };
        if !content.is_empty() {
            return Err(content.error("expected the end of the range"));
        }
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let method: Ident = input.parse()?;
            let arguments;
            parenthesized!(arguments in input);
            if method == "step_by" && step.is_none() {
                *step = Some(Box::new(self.binary(&arguments, 0)?));
            } else if method == "rev" && step.is_none() {
                *reversed = !*reversed;
            } else {
                let message = "a range has `.rev()` and then `.step_by(n)`";
                return Err(Error::new(method.span(), message));
            }
            if !arguments.is_empty() {
                return Err(arguments.error("expected `)`"));
            }
        }
        Ok(selection)
    }

    fn range(&mut self, input: ParseStream) -> Result<Selection> {
        if input.peek(Token![...]) {
            let dots: Token![...] = input.parse()?;
            let [start, _, end] = dots.spans;
            let message = "each axis is written: `x[.., 0]` is of the second of two".to_owned();
            let at = Place { start, end };
            return Ok(Selection::At(Refused { at, message, parts: Vec::new() }.expr(at)));
        }
        if input.peek(Token![:]) {
            return self.python_range(input, None);
        }
        let name = input.cursor().ident().map(|(name, _)| name.to_string());
        if name.is_some_and(|name| name == "None" || name == "newaxis") {
            let at = Place::token(input.span());
            skip_token(input);
            let message = "a new axis comes from `reshape(x, [1, 8])`".to_owned();
            return Ok(Selection::At(Refused { at, message, parts: Vec::new() }.expr(at)));
        }
        let start = match input.peek(Token![..]) {
            true => None,
            false => Some(self.binary(input, 0)?),
        };
        if input.peek(Token![:]) {
            return self.python_range(input, start);
        }
        if !input.peek(Token![..]) {
            return start.map(Selection::At).ok_or_else(|| refused::unexpected(input));
        }
        let dots: Token![..] = input.parse()?;
        if input.peek(Token![=]) {
            let at = Place::token(input.span());
            skip_token(input);
            let end = self.binary(input, 0)?;
            let after = match end.kind {
                ExprKind::Number(last) => (last + 1.0).to_string(),
                _ => format!("{end} + 1"),
            };
            let start = start.map_or_else(String::new, |start| start.to_string());
            let message = format!("ranges end before their last index: write `{start}..{after}`");
            let place = at.to(end.place);
            return Ok(Selection::At(Refused { at, message, parts: Vec::new() }.expr(place)));
        }
        let end = match input.is_empty() || input.peek(Token![,]) {
            true => None,
            false => Some(self.binary(input, 0)?),
        };
        let [first, last] = dots.spans;
        let place = Place { start: first, end: last };
        Ok(Selection::Range { start, end, step: None, reversed: false, place })
    }

    /// Parses a range of Python, such as `1:-1` or `::2`, from its first colon on, and refuses it.
    fn python_range(&mut self, input: ParseStream, start: Option<Expr>) -> Result<Selection> {
        let at = Place::token(input.span());
        let mut ends = [None, None];
        for end in &mut ends {
            if !input.peek(Token![:]) {
                break;
            }
            skip_token(input);
            if !(input.is_empty() || input.peek(Token![,]) || input.peek(Token![:])) {
                *end = Some(self.binary(input, 0)?);
            }
        }
        let [end, step] = ends;
        let text = |end: &Option<Expr>| end.as_ref().map_or_else(String::new, ToString::to_string);
        let mut range = format!("{}..{}", text(&start), text(&end));
        match step.as_ref().map(|step| &step.kind) {
            None => {}
            Some(ExprKind::Negate(step)) if matches!(step.kind, ExprKind::Number(1.0)) => {
                range = format!("({range}).rev()");
            }
            Some(_) => range = format!("({range}).step_by({})", text(&step)),
        }
        let place = start.as_ref().map_or(at, |start| start.place.to(at));
        let message = format!("a range is written with dots: `{range}`");
        Ok(Selection::At(Refused { at, message, parts: Vec::new() }.expr(place)))
    }
}
