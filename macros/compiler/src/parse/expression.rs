//! Expressions: Rust's operators with Rust's precedences.

use super::generics::generic_path;
use super::repeated::{is_loop, repeated};
use super::skip_token;
use crate::ast::{Argument, Expr, ExprKind, Operator, Selection};
use crate::report::Place;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::{Parse as _, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Lit, Path, Result, Token, bracketed, parenthesized, token};

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

enum Infix {
    Chain,
    Operator(Operator),
}

impl Infix {
    fn peek(input: ParseStream) -> Option<Self> {
        let operator = if input.peek(Token![>>]) {
            return (!input.peek(Token![>>=])).then_some(Self::Chain);
        } else if input.peek(Token![>=]) {
            Operator::AtLeast
        } else if input.peek(Token![>]) {
            Operator::Above
        } else if input.peek(Token![<=]) {
            Operator::AtMost
        } else if input.peek(Token![<]) && !input.peek(Token![<<]) && !input.peek(Token![<-]) {
            Operator::Below
        } else if input.peek(Token![==]) {
            Operator::Equal
        } else if input.peek(Token![!=]) {
            Operator::Unequal
        } else if [input.peek(Token![+=]), input.peek(Token![-=])].contains(&true)
            || [input.peek(Token![*=]), input.peek(Token![/=])].contains(&true)
        {
            return None;
        } else if input.peek(Token![+]) {
            Operator::Add
        } else if input.peek(Token![->]) {
            return None;
        } else if input.peek(Token![-]) {
            Operator::Subtract
        } else if input.peek(Token![*]) {
            Operator::Multiply
        } else if input.peek(Token![/]) {
            Operator::Divide
        } else {
            return None;
        };
        Some(Self::Operator(operator))
    }

    /// Goes on to what follows the operator.
    fn skip(&self, input: ParseStream) {
        let signs = match self {
            Self::Chain => 2,
            Self::Operator(operator) => operator.symbol().len(),
        };
        for _ in 0..signs {
            skip_token(input);
        }
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Chain => 1,
            Self::Operator(operator) => operator.strength(),
        }
    }
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
                let name: Ident = input.parse()?;
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

    fn primary(&mut self, input: ParseStream) -> Result<Expr> {
        if is_loop(input) {
            let repeated = repeated(input, &[])?;
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
            return Err(unexpected(input));
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

    fn argument(&mut self, input: ParseStream) -> Result<Argument> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Argument::Option { name, value: self.binary(input, 0)? });
        }
        Ok(Argument::Positional(self.binary(input, 0)?))
    }

    /// `a..b`, `i`, or `(a..b).step_by(2)`.
    fn selection(&mut self, input: ParseStream) -> Result<Selection> {
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
            return start.map(Selection::At).ok_or_else(|| unexpected(input));
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

/// Whether a keyword follows that begins a path.
pub fn path_keyword(input: ParseStream) -> bool {
    input.peek(Token![self]) || input.peek(Token![super]) || input.peek(Token![crate])
}

/// Whether `.weight` follows, after the name of a layer.
fn is_member(of: &Expr, input: ParseStream) -> bool {
    let named = matches!(&of.kind, ExprKind::Path(path) if path.get_ident().is_some());
    (named || matches!(of.kind, ExprKind::Member(..)))
        && input.peek(Token![.])
        && input.peek2(syn::Ident)
        && !input.peek3(token::Paren)
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

fn unexpected(input: ParseStream) -> Error {
    for (keyword, hint) in [
        ("if", "networks have no branches: every sample takes the same way"),
        ("match", "networks have no branches: every sample takes the same way"),
        ("while", "networks have no unbounded loops: write `for _ in 0..N`"),
        ("loop", "networks have no unbounded loops: write `for _ in 0..N`"),
        ("break", "every turn of a loop is run to its end"),
        ("continue", "every turn of a loop is run to its end"),
        ("return", "the last value is what the network gives: write it without `return`"),
        ("move", "there are no closures: write a network of its own, and apply it by its name"),
        ("mut", "`mut` stands in a `let`: `let mut h = x;`"),
        ("let", "a `let` begins a statement of its own: is a `;` missing before it?"),
    ] {
        let found = input.cursor().ident().is_some_and(|(ident, _)| ident == keyword);
        if found {
            return input.error(hint);
        }
    }
    if input.peek(Token![|]) {
        let hint = "there are no closures: write a network of its own, and apply it by its name";
        return input.error(hint);
    }
    if input.peek(token::Brace) {
        return input
            .error("braces stand around the turns of a loop: write the value without them");
    }
    if input.peek(Token![&]) {
        return input.error("values are not borrowed: write it without `&`");
    }
    if input.is_empty() {
        return input.error("expected a value or a layer here");
    }
    input.error("expected a value or a layer")
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
    Path::parse(input)
}
