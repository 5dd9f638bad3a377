//! What operators stand between: numbers, names, calls, and what stands in brackets.

use super::{Parser, refused};
use crate::ast::{Argument, Expr, ExprKind, Operator};
use crate::parse::generics::generic_path;
use crate::parse::repeated::{is_loop, repeated};
use crate::report::Place;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Error, Lit, Result, Token, bracketed, parenthesized, token};

impl Parser {
    pub(super) fn primary(&mut self, input: ParseStream) -> Result<Expr> {
        if is_loop(input) {
            let repeated = repeated(input, &[]).map_err(|fault| fault.error)?;
            let place = repeated.place;
            return Ok(Expr { kind: ExprKind::For(Box::new(repeated)), place });
        }
        if input.peek(Lit) {
            return literal(input);
        }
        if input.peek(token::Paren) {
            let content;
            let paren = parenthesized!(content in input);
            let place = Place { start: paren.span.open(), end: paren.span.close() };
            let mut items = self.list(&content, |parser, content| parser.binary(content, 0))?;
            if items.len() == 1 {
                let mut only = items.remove(0);
                only.place = place;
                return Ok(only);
            }
            return Ok(Expr { kind: ExprKind::Tuple(items), place });
        }
        if input.peek(token::Bracket) {
            let content;
            let bracket = bracketed!(content in input);
            let place = Place { start: bracket.span.open(), end: bracket.span.close() };
            let items = self.list(&content, |parser, content| parser.binary(content, 0))?;
            return Ok(Expr { kind: ExprKind::List(items), place });
        }
        if input.peek(Token![dyn]) {
            return self.dynamic(input);
        }
        self.path_or_call(input)
    }

    /// `dyn T`, `dyn T <= 256`.
    fn dynamic(&mut self, input: ParseStream) -> Result<Expr> {
        let start = input.parse::<Token![dyn]>()?.span;
        if !input.peek(syn::Ident) {
            return Err(input.error("expected the name of a run-time size: `dyn T`"));
        }
        let name: Ident = input.parse()?;
        let mut place = Place { start, end: name.span() };
        let mut bound = None;
        if input.peek(Token![<=]) {
            input.parse::<Token![<=]>()?;
            if input.is_empty() || input.peek(Token![,]) {
                return Err(input.error(format!("expected a bound: `dyn {name} <= 256`")));
            }
            let most = self.binary(input, Operator::Add.strength())?;
            place.end = most.place.end;
            bound = Some(Box::new(most));
        } else if input.peek(Token![<]) || input.peek(Token![=]) {
            return Err(input.error(format!("a bound is written `dyn {name} <= 256`")));
        }
        Ok(Expr { kind: ExprKind::Dynamic { name, bound }, place })
    }

    fn path_or_call(&mut self, input: ParseStream) -> Result<Expr> {
        if !(input.peek(syn::Ident) || input.peek(Token![::]) || path_keyword(input)) {
            return Err(refused::unexpected(input));
        }
        let start = input.span();
        let begins_path = path_keyword(input);
        let (callee, end) = generic_path(input)?;
        if begins_path && callee.segments.len() == 1 {
            return Err(Error::new(start, "expected `::` and a name after this"));
        }
        let mut place = Place { start, end };
        if !input.peek(token::Paren) {
            return Ok(Expr { kind: ExprKind::Path(callee), place });
        }
        let content;
        let paren = parenthesized!(content in input);
        place.end = paren.span.close();
        let arguments = self.list(&content, |parser, content| parser.argument(content))?;
        Ok(Expr { kind: ExprKind::Call { callee, arguments }, place })
    }

    pub(super) fn argument(&mut self, input: ParseStream) -> Result<Argument> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Argument::Option { name, value: self.binary(input, 0)? });
        }
        Ok(Argument::Positional(self.binary(input, 0)?))
    }
}

/// Whether a keyword follows that begins a path.
pub fn path_keyword(input: ParseStream) -> bool {
    input.peek(Token![self]) || input.peek(Token![super]) || input.peek(Token![crate])
}

fn literal(input: ParseStream) -> Result<Expr> {
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let kind = match &literal {
        Lit::Int(int) if int.suffix().is_empty() => ExprKind::Number(int.base10_parse()?),
        Lit::Float(float) if float.suffix().is_empty() => ExprKind::Number(float.base10_parse()?),
        Lit::Bool(bool) => ExprKind::Bool(bool.value),
        Lit::Int(_) | Lit::Float(_) => {
            return Err(Error::new(span, "numbers need no suffix here: every number is a scalar"));
        }
        _ => return Err(Error::new(span, "expected a number, a name or a layer")),
    };
    Ok(Expr { kind, place: Place::token(span) })
}
