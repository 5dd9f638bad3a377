//! What stands in the brackets after a value.

use super::{Parser, refused};
use crate::ast::Selection;
use crate::report::Place;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, parenthesized, token};

impl Parser {
    /// `a..b`, `i`, or `(a..b).step_by(2)`.
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
        let start = match input.peek(Token![..]) {
            true => None,
            false => Some(self.binary(input, 0)?),
        };
        if !input.peek(Token![..]) {
            return start.map(Selection::At).ok_or_else(|| refused::unexpected(input));
        }
        let dots: Token![..] = input.parse()?;
        if input.peek(Token![=]) {
            return Err(input.error("ranges end before their last index: write `a..b`"));
        }
        let end = match input.is_empty() || input.peek(Token![,]) {
            true => None,
            false => Some(self.binary(input, 0)?),
        };
        let [first, last] = dots.spans;
        let place = Place { start: first, end: last };
        Ok(Selection::Range { start, end, step: None, reversed: false, place })
    }
}
