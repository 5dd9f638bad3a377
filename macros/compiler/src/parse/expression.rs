//! Expressions, with Rust's operators and precedences.

mod infix;
mod misused;
mod primary;
mod refused;
mod selection;

pub use primary::path_keyword;
pub use refused::{comment, known_by};

use super::skip_token;
use crate::ast::{Argument, Expr, ExprKind, Refused};
use crate::parse::name::name;
use crate::parse::size::foreign;
use crate::report::Place;
use infix::Infix;
use syn::parse::{Parse as _, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Path, Result, Token, bracketed, parenthesized, token};

/// The maximum nesting depth of an expression, so that no input exhausts the stack.
const DEEPEST: usize = 64;

/// The maximum number of links of a chain: a chain nests to the left.
const LONGEST: usize = 200;
const TOO_LONG: &str = "this expression is too long: name a part of it with `let`";

/// Parses an expression, up to the first token that cannot continue it. Refused forms in it are
/// left for the caller to report.
pub fn expression(input: ParseStream) -> Result<Expr> {
    let mut parser = Parser { depth: 0 };
    let value = parser.binary(input, 0)?;
    parser.suffix(input, value)
}

/// Parses an expression without refused forms: a size.
pub fn sound_expression(input: ParseStream) -> Result<Expr> {
    refused::sound(expression(input)?)
}

/// Parses an expression that a `>` ends: the default of a size.
pub fn size_expression(input: ParseStream) -> Result<Expr> {
    refused::sound(Parser { depth: 0 }.binary(input, 1)?)
}

/// Parses arguments in parentheses.
pub fn arguments(input: ParseStream) -> Result<Vec<Argument>> {
    let content;
    parenthesized!(content in input);
    let mut parser = Parser { depth: 0 };
    parser.list(&content, |parser, content| parser.argument(content))
}

struct Parser {
    depth: usize,
}

impl Parser {
    fn binary(&mut self, input: ParseStream, weakest: u8) -> Result<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(input
                .error("this expression is nested too deeply: name a part of it, `let h = ..;`"));
        }
        let mut left = self.unary(input)?;
        let mut links = 0;
        while let Some(infix) = Infix::peek(input) {
            let strength = infix.strength();
            if strength < weakest {
                break;
            }
            let at = infix.skip(input);
            if input.is_empty() || input.peek(Token![;]) {
                let after = if matches!(infix, Infix::Chain) { "a layer" } else { "a value" };
                return Err(Error::new(at.end, format!("expected {after} after this operator")));
            }
            let is_layer = primary::layer_follows(input);
            links += 1;
            if links > LONGEST {
                return Err(input.error(TOO_LONG));
            }
            let right = self.binary(input, strength + 1)?;
            if infix.compares() && Infix::peek(input).is_some_and(|next| next.compares()) {
                return Err(input.error("comparisons do not chain: put one in parentheses"));
            }
            let place = left.place.to(right.place);
            let kind = match infix {
                Infix::Operator(operator) if is_layer => {
                    misused::operator_before_layer(operator, at, left, right)
                }
                Infix::External(operator) => misused::external_operator(operator, at, left, right),
                Infix::Chain => ExprKind::Chain(Box::new(left), Box::new(right)),
                Infix::Operator(operator) => {
                    ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) }
                }
            };
            left = Expr { kind, place };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self, input: ParseStream) -> Result<Expr> {
        if input.peek(Token![-]) && !input.peek(Token![->]) {
            let minus: Token![-] = input.parse()?;
            let value = self.binary(input, 4)?;
            let place = Place::token(minus.span).to(value.place);
            return Ok(Expr { kind: ExprKind::Negate(Box::new(value)), place });
        }
        let mut value = self.primary(input)?;
        let mut links = 0;
        loop {
            if input.peek(token::Bracket) {
                links += 1;
                if links > LONGEST {
                    return Err(input.error(TOO_LONG));
                }
                let content;
                let bracket = bracketed!(content in input);
                let selections =
                    self.list(&content, |parser, content| parser.selection(content))?;
                let place = value.place.to(bracket.span.close().into());
                value = Expr { kind: ExprKind::Index(Box::new(value), selections), place };
            } else if is_member(&value, input) {
                links += 1;
                if links > LONGEST {
                    return Err(input.error(TOO_LONG));
                }
                input.parse::<Token![.]>()?;
                let name = name(input)?;
                let place = value.place.to(name.span().into());
                value = Expr { kind: ExprKind::Member(Box::new(value), name), place };
            } else if input.peek(Token![.]) && !input.peek(Token![..]) {
                value = self.method(input, value)?;
            } else if input.peek(Token![?]) && !begins_value(input) {
                let at = Place::token(input.span());
                skip_token(input);
                let place = value.place.to(at);
                if let ExprKind::Refused(_) = value.kind {
                    value.place = place;
                    continue;
                }
                let message = "nothing fails here: leave `?` out".to_owned();
                value = Refused { at, message, parts: vec![value] }.expr(place);
            } else if input.peek(Token![as]) {
                let at = Place::token(input.span());
                skip_token(input);
                let place = value.place.to(input.span().into());
                let _ = Path::parse_mod_style(input);
                let message = "real numbers are of one kind and are not converted: leave this out";
                let message = message.to_owned();
                value = Refused { at, message, parts: vec![value] }.expr(place);
            } else if is_called_again(&value, input) {
                value = self.called_again(input, value)?;
            } else {
                return Ok(value);
            }
        }
    }

    /// Parses items separated by commas. An item in error becomes a refused one, and parsing
    /// resumes at the next comma.
    fn list<T: From<Expr>>(
        &mut self,
        input: ParseStream,
        mut item: impl FnMut(&mut Self, ParseStream) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut items = Vec::new();
        let depth = self.depth;
        while !input.is_empty() {
            let start = input.span();
            let mut wrong = None;
            match item(self, input) {
                Ok(item) => items.push(item),
                Err(error) => wrong = Some(error),
            }
            self.depth = depth;
            if wrong.is_none() && !input.is_empty() && !input.peek(Token![,]) {
                if input.peek(Token![..]) {
                    // the item is only the start of a range
                    items.pop();
                }
                wrong = Some(input.error(match input.peek(Token![..]) {
                    true => {
                        "a range stands alone, after `in` or in `[ ]`; only sequences have `rev`"
                    }
                    false => "expected `,` or an operator before this",
                }));
            }
            if let Some(error) = wrong {
                let mut end = start;
                while !input.is_empty() && !input.peek(Token![,]) {
                    end = input.span();
                    skip_token(input);
                }
                items.push(refused::known_by(&error, start, end).into());
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(items)
    }
}

/// Returns true if a value begins after the next token.
fn begins_value(input: ParseStream) -> bool {
    input.peek2(syn::Ident) || input.peek2(syn::Lit) || input.peek2(token::Paren)
}

/// Returns true if parentheses follow on the same line: a call of something that is not a name.
fn is_called_again(value: &Expr, input: ParseStream) -> bool {
    let same_line = input.span().start().line == value.place.end.end().line;
    input.peek(token::Paren) && same_line
}

/// Returns true if a field such as `.weight` follows the name of a layer.
fn is_member(of: &Expr, input: ParseStream) -> bool {
    let named = matches!(&of.kind, ExprKind::Path(path) if path.get_ident().is_some());
    (named || matches!(of.kind, ExprKind::Member(..)))
        && input.peek(Token![.])
        && input.peek2(syn::Ident)
        && !input.peek3(token::Paren)
}

/// Parses a shape: `[3, 4 * D]`.
pub fn shape(input: ParseStream) -> Result<crate::ast::Shape> {
    let content;
    let bracket = bracketed!(content in input);
    if content.peek(syn::Ident) && content.peek2(Token![;]) {
        let element = name(&content)?;
        content.parse::<Token![;]>()?;
        let message = format!("a shape has sizes alone: write `[{content}]`");
        return Err(syn::Error::new(element.span(), message));
    }
    if let Some(error) = foreign(&content) {
        return Err(error);
    }
    let sizes = Punctuated::<Expr, Token![,]>::parse_terminated_with(&content, sound_expression)?;
    Ok(crate::ast::Shape {
        sizes: sizes.into_iter().collect(),
        place: Place { start: bracket.span.open(), end: bracket.span.close() },
    })
}

/// Parses the path of a type: `Gelu`, `my::Snake`.
pub fn type_path(input: ParseStream) -> Result<Path> {
    Path::parse(input).map(crate::parse::name::path)
}
