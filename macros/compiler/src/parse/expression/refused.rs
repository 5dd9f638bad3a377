//! Forms of other languages in expressions, each with a message that says what to write instead.
//! Parsing goes on after them.

use super::Parser;
use crate::ast::{Argument, Expr, ExprKind, Refused};
use crate::habits::{methods, names, names::Instead, words, words::Extent};
use crate::parse::skip_token;
use crate::report::Place;
use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{AngleBracketedGenericArguments, Error, Ident, Lit, Result, Token, bracketed, token};

/// Returns the error for tokens at which no value can begin.
pub(super) fn unexpected(input: ParseStream) -> Error {
    if input.peek(Token![let]) {
        return input.error("a `let` begins a statement of its own: is a `;` missing before it?");
    }
    if input.peek(Token![>>]) {
        return input.error("a value stands before `>>`: `x >> Linear(10)`");
    }
    if input.peek(Token![;]) {
        return input.error("expected a statement: one `;` is enough");
    }
    if input.peek(Token![_]) {
        return input.error("`_` names nothing here: expected a value or a layer");
    }
    if input.peek(Token![.]) && input.peek2(Lit) {
        return input.error("a number begins with a digit: `0.5`");
    }
    if input.is_empty() {
        return input.error("expected a value or a layer here");
    }
    input.error("expected a value or a layer")
}

/// Skips the rest of the line from a `#`, which begins a comment in Python, and returns the error.
/// Attributes (`#[..]`, `#![..]`) are left alone.
pub fn comment(input: ParseStream) -> Option<Error> {
    if !input.peek(Token![#]) || input.peek2(token::Bracket) || input.peek2(Token![!]) {
        return None;
    }
    let error = input.error("comments begin with `//`");
    let line = input.span().start().line;
    while !input.is_empty() && input.span().start().line == line {
        skip_token(input);
    }
    Some(error)
}

/// Turns a syntax error into a refused expression that spans the tokens from `start` to `end`.
/// Further errors that are combined in it become its subexpressions.
pub fn known_by(error: &Error, start: Span, end: Span) -> Expr {
    let mut errors = error.into_iter().map(|one| {
        let refused =
            Refused { at: one.span().into(), message: one.to_string(), parts: Vec::new() };
        refused.expr(Place { start, end })
    });
    let mut first =
        errors.next().unwrap_or(Expr { kind: ExprKind::Unknown, place: Place { start, end } });
    if let ExprKind::Refused(refused) = &mut first.kind {
        refused.parts.extend(errors);
    }
    first
}

/// Returns the refused forms in the expression as one combined error, for places that cannot hold
/// such forms.
pub(super) fn sound(expr: Expr) -> Result<Expr> {
    let mut errors: Option<Error> = None;
    for (_, Refused { at, message, .. }) in expr.refusals() {
        let error = Error::new(at.start, message);
        match &mut errors {
            Some(errors) => errors.combine(error),
            None => errors = Some(error),
        }
    }
    errors.map_or(Ok(expr), Err)
}

impl Parser {
    /// Parses a form that begins with a word or sign of another language, such as `if`, `vec![..]`,
    /// a closure or `&x`. Returns `None` if none follows.
    pub(super) fn external_value(&mut self, input: ParseStream) -> Option<Result<Expr>> {
        let at = Place::token(input.span());
        let refused =
            |message: &str| Refused { at, message: message.to_owned(), parts: Vec::new() };
        if let Some((word, after)) = input.cursor().ident()
            && let Some((_, extent, message)) =
                words::VALUES.iter().find(|(other, ..)| word == other)
        {
            let is_name = syn::parse_str::<Ident>(&word.to_string()).is_ok();
            if !is_name || after.ident().is_some() || after.literal().is_some() {
                skip_token(input);
                return Some(self.rest(input, *extent, refused(message)));
            }
        }
        if input.peek(Ident::peek_any) && input.peek2(Token![!]) && !input.peek2(Token![!=]) {
            let name = input.cursor().ident().map(|(name, _)| name.to_string());
            (0..3).for_each(|_| skip_token(input));
            let message = words::macro_call(&name.unwrap_or_default());
            return Some(Ok(refused(message).expr(at)));
        }
        if let Some((word, after)) = input.cursor().ident()
            && syn::parse_str::<Ident>(&word.to_string()).is_err()
            && after.group(proc_macro2::Delimiter::Parenthesis).is_some()
            && let Some(advice) = names::advice(&word.to_string())
        {
            let message = format!("no function `{word}`: {advice}");
            skip_token(input);
            let place = at.to(input.span().into());
            skip_token(input);
            return Some(Ok(refused(&message).expr(place)));
        }
        if input.peek(Token![|]) {
            let closure = words::VALUES.iter().find(|(word, ..)| *word == "move");
            let message = closure.map(|(.., message)| *message).unwrap_or_default();
            skip_token(input);
            while !input.is_empty() && !input.peek(Token![|]) {
                skip_token(input);
            }
            skip_token(input);
            // the body is parsed but not checked: the parameters of the closure are unknown to the
            // checker
            let body = self.binary(input, 0);
            return Some(body.map(|body| refused(message).expr(at.to(body.place))));
        }
        if input.peek(token::Brace) {
            let message =
                "braces stand around the iterations of a loop: write the value without them";
            skip_token(input);
            return Some(Ok(refused(message).expr(at)));
        }
        let message = if input.peek(Token![&]) {
            "values are not borrowed: write it without `&`"
        } else if input.peek(Token![*]) {
            "values are not references: write it without `*`"
        } else if input.peek(Token![!]) {
            "comparisons are 1 or 0: write `1 - ..`"
        } else if input.peek(Token![+]) {
            "write it without `+`"
        } else if input.peek(Token![~]) {
            "comparisons are 1 or 0: write `1 - ..`"
        } else {
            return None;
        };
        skip_token(input);
        let value = self.unary(input);
        Some(value.map(|value| {
            let place = at.to(value.place);
            Refused { parts: vec![value], ..refused(message) }.expr(place)
        }))
    }

    /// Skips what belongs to a refused word, and keeps it as a subexpression if it is a value.
    fn rest(&mut self, input: ParseStream, extent: Extent, refused: Refused) -> Result<Expr> {
        let mut refused = refused;
        let mut place = refused.at;
        match extent {
            Extent::Word => {}
            Extent::Rest => {
                while !(input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])) {
                    place.end = input.span();
                    skip_token(input);
                }
            }
            Extent::Value => {
                let value = self.binary(input, 0)?;
                place.end = value.place.end;
                refused.parts.push(value);
            }
            Extent::Braces => loop {
                while !(input.is_empty() || input.peek(token::Brace) || input.peek(Token![;])) {
                    skip_token(input);
                }
                if input.peek(token::Brace) {
                    place.end = input.span();
                    skip_token(input);
                }
                if !input.peek(Token![else]) {
                    break;
                }
                skip_token(input);
            },
        }
        Ok(refused.expr(place))
    }

    /// Parses `self.fc1` and `super` of `super().__init__()` and refuses them. Returns `None` if
    /// neither follows.
    pub(super) fn own_name(&mut self, input: ParseStream) -> Result<Option<Expr>> {
        let at = Place::token(input.span());
        let refused = |at: Place, message: &str| {
            let refused = Refused { at, message: message.to_owned(), parts: Vec::new() };
            Ok(Some(refused.expr(at)))
        };
        if input.peek(Token![self]) && input.peek2(Token![.]) {
            skip_token(input);
            skip_token(input);
            let Some((name, _)) = input.cursor().ident() else { return Ok(None) };
            skip_token(input);
            let message = format!(
                "a network has no `self`: name a layer before, `let {name} = Linear(8);`, and apply it as `x >> {name}`"
            );
            return refused(at.to(name.span().into()), &message);
        }
        if input.peek(Token![super]) && input.peek2(token::Paren) {
            skip_token(input);
            return refused(at, "a network has nothing that it inherits from: leave this out");
        }
        Ok(None)
    }

    /// Parses a method, field or tuple index after a dot, with its arguments, and refuses it.
    pub(super) fn method(&mut self, input: ParseStream, of: Expr) -> Result<Expr> {
        let dot = input.parse::<Token![.]>()?.span;
        if input.peek(Lit) {
            let part: Lit = input.parse()?;
            let at = Place { start: dot, end: part.span() };
            let message = "several values are taken apart by name: `let (a, b) = ..`".to_owned();
            let place = of.place.to(at);
            return Ok(Refused { at, message, parts: vec![of] }.expr(place));
        }
        let name = input.call(Ident::parse_any).map_err(|_| {
            Error::new(dot, "values have no methods: functions are called as `tanh(x)`, layers as `x >> Linear(10)`")
        })?;
        if input.peek(Token![::]) && input.peek3(Token![<]) {
            input.parse::<AngleBracketedGenericArguments>()?;
        }
        let mut at = Place { start: dot, end: name.span() };
        let mut place = of.place.to(at);
        let mut given = Vec::new();
        if input.peek(token::Paren) {
            place.end = input.span();
            let content;
            let paren = syn::parenthesized!(content in input);
            place.end = paren.span.close();
            given = self.list(&content, |parser, content| parser.argument(content))?;
        } else if input.peek(token::Bracket) {
            // the selection is skipped unread, because the value it selects from is unknown
            let content;
            place.end = bracketed!(content in input).span.close();
            while !content.is_empty() {
                skip_token(&content);
            }
        }
        let values = given.iter().map(Argument::value);
        let values: Vec<Expr> =
            values.filter(|value| !matches!(value.kind, ExprKind::List(_))).cloned().collect();
        if let ExprKind::Refused(_) = of.kind {
            // the receiver is refused already: one error for the whole chain
            return Ok(Expr { place, ..of });
        }
        if root(&of).is_some_and(|root| names::is_module(&root)) {
            at.start = of.place.start;
            let advice = match names::instead(&name.to_string()) {
                Some(Instead::Layer(usage)) => {
                    Some(format!("write `x >> {}`", names::layer(usage, &given)))
                }
                _ => names::advice(&name.to_string()),
            };
            let advice = advice.unwrap_or_else(|| "layers and functions have no module".to_owned());
            let message = format!("no `{of}.{name}` here: {advice}");
            let parts = values.into_iter().filter(is_refused).collect();
            return Ok(Refused { at, message, parts }.expr(place));
        }
        let message = methods::advice(&of.to_string(), &name.to_string(), &given);
        let mut parts = vec![of];
        parts.extend(values.into_iter().filter(is_refused));
        Ok(Refused { at, message, parts }.expr(place))
    }
}

/// Returns true if the argument holds a refused form. Others are not checked, because they may be
/// no values here (`dim=1`, module names).
fn is_refused(expr: &Expr) -> bool {
    !expr.refusals().is_empty()
}

/// Returns the first name of a dotted path: `torch` in `torch.nn.functional`.
fn root(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Path(path) => path.get_ident().map(ToString::to_string),
        ExprKind::Member(of, _) => root(of),
        _ => None,
    }
}
