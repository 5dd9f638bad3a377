//! Expressions: Rust's operators with Rust's precedences.

mod infix;
mod primary;
mod refused;
mod selection;

pub use primary::path_keyword;

use crate::ast::{Argument, Expr, ExprKind};
use crate::parse::name::name;
use crate::report::Place;
use infix::Infix;
use syn::parse::{Parse as _, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Path, Result, Token, bracketed, parenthesized, token};

/// Deeper nesting is refused, so that no input exhausts the stack.
const DEEPEST: usize = 100;

/// So are longer chains, which nest on the left.
const LONGEST: usize = 200;
const TOO_LONG: &str = "this expression is too long: name a part of it with `let`";

/// An expression, up to whatever cannot continue it.
pub fn expression(input: ParseStream) -> Result<Expr> {
    Parser { depth: 0 }.binary(input, 0)
}

/// An expression that a `>` ends: the default of a size.
pub fn size_expression(input: ParseStream) -> Result<Expr> {
    Parser { depth: 0 }.binary(input, 1)
}

/// The arguments in the parentheses that follow.
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
            return Err(input.error("this expression is nested too deeply"));
        }
        let mut left = self.unary(input)?;
        let mut links = 0;
        while let Some(infix) = Infix::peek(input) {
            let strength = infix.strength();
            if strength < weakest {
                break;
            }
            infix.skip(input);
            if input.is_empty() || input.peek(Token![;]) {
                let after = if matches!(infix, Infix::Chain) { "a layer" } else { "a value" };
                return Err(input.error(format!("expected {after} after the operator")));
            }
            links += 1;
            if links > LONGEST {
                return Err(input.error(TOO_LONG));
            }
            let right = self.binary(input, strength + 1)?;
            if strength == 0 && Infix::peek(input).is_some_and(|next| next.strength() == 0) {
                return Err(input.error("comparisons do not chain: put one in parentheses"));
            }
            let place = left.place.to(right.place);
            let kind = match infix {
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
                return Err(input.error(
                    "values have no methods or fields here: functions are called as `tanh(x)`, layers as `x >> Linear(10)`",
                ));
            } else {
                return Ok(value);
            }
        }
    }

    /// Items between commas.
    fn list<T>(
        &mut self,
        input: ParseStream,
        mut item: impl FnMut(&mut Self, ParseStream) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(item(self, input)?);
            if input.is_empty() {
                break;
            }
            if input.peek(Token![..]) {
                let hint =
                    "a range stands alone, after `in` or in `[ ]`; only sequences have `rev`";
                return Err(input.error(hint));
            }
            if !input.peek(Token![,]) {
                return Err(input.error("expected `,` or an operator"));
            }
            input.parse::<Token![,]>()?;
        }
        Ok(items)
    }
}

/// Whether `.weight` follows, after the name of a layer.
fn is_member(of: &Expr, input: ParseStream) -> bool {
    let named = matches!(&of.kind, ExprKind::Path(path) if path.get_ident().is_some());
    (named || matches!(of.kind, ExprKind::Member(..)))
        && input.peek(Token![.])
        && input.peek2(syn::Ident)
        && !input.peek3(token::Paren)
}

/// A shape: `[3, 4 * D]`.
pub fn shape(input: ParseStream) -> Result<crate::ast::Shape> {
    let content;
    let bracket = bracketed!(content in input);
    let sizes = Punctuated::<Expr, Token![,]>::parse_terminated_with(&content, expression)?;
    Ok(crate::ast::Shape {
        sizes: sizes.into_iter().collect(),
        place: Place { start: bracket.span.open(), end: bracket.span.close() },
    })
}

/// A path of a type: `Gelu`, `my::Snake`.
pub fn type_path(input: ParseStream) -> Result<Path> {
    Path::parse(input).map(crate::parse::name::path)
}
