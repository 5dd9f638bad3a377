//! Primary expressions, the operands of operators: numbers, names, calls, and groups in brackets.

use super::{Parser, refused};
use crate::ast::{Argument, Expr, ExprKind, Operator, Refused};
use crate::case::names_a_type;
use crate::check;
use crate::habits::names::{self, Instead};
use crate::parse::generics::generic_path;
use crate::parse::name::{any_name, name};
use crate::parse::repeated::{is_loop, repeated};
use crate::parse::skip_token;
use crate::report::Place;
use proc_macro2::{Ident, Span, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Error, Lit, Result, Token, bracketed, parenthesized, token};

impl Parser {
    pub(super) fn primary(&mut self, input: ParseStream) -> Result<Expr> {
        if is_loop(input) {
            let repeated = repeated(input, &[])?;
            let place = repeated.place;
            return Ok(Expr { kind: ExprKind::For(Box::new(repeated)), place });
        }
        if let Some(external) = self.external_value(input) {
            return external;
        }
        if is_rest(input) {
            let dots: Token![..] = input.parse()?;
            let [start, end] = dots.spans;
            return Ok(Expr { kind: ExprKind::Rest, place: Place { start, end } });
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

    /// Parses a run-time size: `dyn T`, `dyn T <= 256`.
    fn dynamic(&mut self, input: ParseStream) -> Result<Expr> {
        let start = input.parse::<Token![dyn]>()?.span;
        if !input.peek(syn::Ident) {
            return Err(input.error("expected the name of a run-time size: `dyn T`"));
        }
        let name = name(input)?;
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
        } else if input.peek(Token![>]) {
            let what = format!(
                "a run-time size is at least 1, and has an upper bound alone: `dyn {name} <= 256`"
            );
            return Err(input.error(what));
        }
        Ok(Expr { kind: ExprKind::Dynamic { name, bound }, place })
    }

    fn path_or_call(&mut self, input: ParseStream) -> Result<Expr> {
        if !(input.peek(syn::Ident) || input.peek(Token![::]) || path_keyword(input)) {
            return Err(refused::unexpected(input));
        }
        if let Some(own) = self.own_name(input)? {
            return Ok(own);
        }
        let start = input.span();
        let begins_path = path_keyword(input);
        let (callee, end) = generic_path(input)?;
        if begins_path && callee.segments.len() == 1 {
            return Err(Error::new(start, "expected `::` and a name after this"));
        }
        let mut place = Place { start, end };
        if !input.peek(token::Paren) {
            let name = callee.get_ident().map(ToString::to_string).unwrap_or_default();
            let other = input.peek(token::Bracket) || input.peek(token::Brace) || input.peek(Lit);
            if check::is_layer(&name) && other {
                let given = input.cursor().token_tree().map(|(tree, _)| tree);
                place.end = input.span();
                skip_token(input);
                let given = match given {
                    Some(TokenTree::Group(group)) => group.stream().to_string(),
                    given => given.map(|given| given.to_string()).unwrap_or_default(),
                };
                let message = format!("its arguments stand in parentheses: `{name}({given})`");
                let at = Place { start, end };
                return Ok(Refused { at, message, parts: Vec::new() }.expr(place));
            }
            return Ok(Expr { kind: ExprKind::Path(callee), place });
        }
        let content;
        let paren = parenthesized!(content in input);
        place.end = paren.span.close();
        let arguments = self.list(&content, |parser, content| parser.argument(content))?;
        Ok(Expr { kind: ExprKind::Call { callee, arguments }, place })
    }

    /// Parses the parentheses after a value and refuses them: `Linear(4)(x)`, `2(x + 1)`.
    pub(super) fn called_again(&mut self, input: ParseStream, of: Expr) -> Result<Expr> {
        let content;
        let paren = parenthesized!(content in input);
        let at = Place { start: paren.span.open(), end: paren.span.close() };
        let given = self.list(&content, |parser, content| parser.binary(content, 0))?;
        let place = of.place.to(at);
        if let ExprKind::Refused(_) = of.kind {
            return Ok(Expr { place, ..of });
        }
        let texts: Vec<String> = given.iter().map(ToString::to_string).collect();
        let (texts, layer) = (texts.join(", "), is_layer(&of));
        let message = match of.kind {
            _ if layer => {
                let of = written_layer(&of);
                format!("a layer stands after what it is applied to: `{texts} >> {of}`")
            }
            ExprKind::Number(_) => format!("a product has its sign: `{of} * ({texts})`"),
            _ => format!("`{of}` is not called: a product has its sign, `{of} * ({texts})`"),
        };
        let parts = match layer {
            true => given,
            false => std::iter::once(of).chain(given).collect(),
        };
        Ok(Refused { at, message, parts }.expr(place))
    }

    pub(super) fn argument(&mut self, input: ParseStream) -> Result<Argument> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = any_name(input)?;
            input.parse::<Token![=]>()?;
            if input.peek(syn::LitStr) && names::option(&name.to_string()).is_some() {
                // that there is no such option is told, whatever its value is
                let place = Place::token(input.span());
                skip_token(input);
                return Ok(Argument::Option {
                    name,
                    value: Expr { kind: ExprKind::Unknown, place },
                });
            }
            let value = self.binary(input, 0)?;
            return Ok(Argument::Option { name, value: self.suffix(input, value)? });
        }
        let colon = input.peek2(Token![:]) && !input.peek2(Token![::]);
        let flag = input.peek2(Token![==]) && is_flag(input);
        if input.peek(syn::Ident) && (colon || flag) {
            let name = name(input)?;
            let at = Place::token(input.span());
            (0..if colon { 1 } else { 2 }).for_each(|_| skip_token(input));
            let value = self.binary(input, 0)?;
            let message = format!("options are written with `=`: `{name} = {value}`");
            let place = at.to(value.place);
            let value = Refused { at, message, parts: Vec::new() }.expr(place);
            return Ok(Argument::Option { name, value });
        }
        let value = self.binary(input, 0)?;
        Ok(Argument::Positional(self.suffix(input, value)?))
    }
}

/// Returns true if `..` stands alone as an item of a list: `[.., D]`.
fn is_rest(input: ParseStream) -> bool {
    let ahead = input.fork();
    let dots = ahead.peek(Token![..]) && !ahead.peek(Token![...]) && !ahead.peek(Token![..=]);
    dots && ahead.parse::<Token![..]>().is_ok() && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// Returns true if a name, `==`, and `true` or `false` follow.
fn is_flag(input: ParseStream) -> bool {
    let ahead = input.fork();
    (0..3).for_each(|_| skip_token(&ahead));
    ahead.peek(syn::LitBool)
}

/// Returns true if a layer of the language with arguments follows.
pub(super) fn layer_follows(input: ParseStream) -> bool {
    let name = input.cursor().ident().map(|(name, _)| name.to_string());
    name.is_some_and(|name| check::is_layer(&name)) && input.peek2(token::Paren)
}

/// Returns true if the expression is a call of a name with a capital: a layer with its arguments.
fn is_layer(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { callee, .. } => names_a_type(callee),
        _ => false,
    }
}

/// Returns the layer as source text, in the language's own spelling if it is a name of another
/// library.
fn written_layer(expr: &Expr) -> String {
    if let ExprKind::Call { callee, arguments } = &expr.kind
        && let Some(last) = callee.segments.last()
        && let Some(Instead::Layer(usage)) = names::instead(&last.ident.to_string())
    {
        return names::layer(usage, arguments);
    }
    expr.to_string()
}

/// Returns true if a keyword follows that may begin a path.
pub fn path_keyword(input: ParseStream) -> bool {
    input.peek(Token![self]) || input.peek(Token![super]) || input.peek(Token![crate])
}

/// Returns the number as an expression, or an error if it is infinite: too large for `f64`.
fn finite(number: f64, span: Span) -> Result<ExprKind> {
    if number.is_finite() {
        return Ok(ExprKind::Number(number));
    }
    let most = f64::MAX;
    Err(Error::new(span, format!("this number is more than `f64` holds, {most:.1e}")))
}

fn literal(input: ParseStream) -> Result<Expr> {
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let refused = |message: String| {
        let at = Place::token(span);
        Ok(Refused { at, message, parts: Vec::new() }.expr(at))
    };
    let kind = match &literal {
        Lit::Int(int) if int.suffix().is_empty() => finite(int.base10_parse()?, span)?,
        Lit::Float(float) if float.suffix().is_empty() => finite(float.base10_parse()?, span)?,
        Lit::Bool(bool) => ExprKind::Bool(bool.value),
        Lit::Int(int) => return refused(suffix(int.base10_digits())),
        Lit::Float(float) => return refused(suffix(float.base10_digits())),
        Lit::Str(text) if syn::parse_str::<Ident>(&text.value()).is_ok() => {
            return refused(format!("names are written without quotes: `{}`", text.value()));
        }
        Lit::Str(_) => {
            return refused("there are no strings here; a comment begins with `//`".to_owned());
        }
        _ => return refused("expected a number, a name or a layer".to_owned()),
    };
    Ok(Expr { kind, place: Place::token(span) })
}

/// Returns the error message for a number with a suffix, such as `2.0f32`.
fn suffix(digits: &str) -> String {
    format!("numbers need no suffix, every number is a scalar: write `{digits}`")
}
