//! Loops: `for _ in 0..LAYERS { .. }` and `for x_t in x { .. }`.

use super::body::{Use, braced_body};
use super::expression::{expression, sound_expression};
use super::pattern::{Pattern, pattern};
use crate::ast::{Expr, ExprKind, For, Over, path_text};
use crate::report::Place;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Error, LitStr, Result, Token, token};

/// The maximum nesting depth of groups in a loop's body, so that no input exhausts the stack.
const DEEPEST: usize = 40;

/// Returns true if a loop follows.
pub fn is_loop(input: ParseStream) -> bool {
    input.peek(Token![for]) && !input.peek2(Token![<])
}

/// Parses a loop, from its `for` on; `attributes` are those before it.
pub fn repeated(input: ParseStream, attributes: &[Attribute]) -> Result<For> {
    let start = input.parse::<Token![for]>()?.span;
    let names = if input.peek(Token![_]) {
        vec![Ident::new("_", input.parse::<Token![_]>()?.span)]
    } else {
        names(input)?
    };
    if !input.peek(Token![in]) {
        return Err(input.error("expected `in` and what the loop goes over"));
    }
    input.parse::<Token![in]>()?;
    let first = expression(input)?;
    let (over, place) = over(input, first, &names)?;
    if !input.peek(token::Brace) {
        return Err(input.error("expected what is done in each iteration, in braces"));
    }
    if deeper_than(input.cursor().token_tree().map(|(tree, _)| tree.into()), DEEPEST) {
        return Err(input.error("this loop is nested too deeply: make what is in it a network of its own, `h = h >> Block;`"));
    }
    let body = braced_body(input, Use::Iteration)?;
    let place = Place { start, end: place.end };
    let mut repeated = For {
        stored_name: None,
        checkpoint: false,
        unroll: false,
        truncate: None,
        names,
        over,
        body,
        place,
    };
    for attribute in attributes {
        loop_attribute(attribute, &mut repeated)?;
    }
    Ok(repeated)
}

/// Parses the names bound in each iteration.
fn names(input: ParseStream) -> Result<Vec<Ident>> {
    let Pattern { names, mutable, fault } = pattern(input)?;
    match (mutable.first(), fault) {
        (Some(name), _) => Err(Error::new(
            name.span(),
            format!(
                "`{name}` is new in every iteration: say `let mut {name} = {name};` in the loop"
            ),
        )),
        (None, Some(fault)) => Err(fault),
        (None, None) => Ok(names),
    }
}

/// Returns true if groups are nested deeper than `levels`.
fn deeper_than(tokens: Option<TokenStream>, levels: usize) -> bool {
    tokens.into_iter().flatten().any(|tree| match tree {
        TokenTree::Group(group) => levels == 0 || deeper_than(Some(group.stream()), levels - 1),
        _ => false,
    })
}

fn over(input: ParseStream, first: Expr, names: &[Ident]) -> Result<(Over, Place)> {
    let place = first.place;
    if input.peek(Token![..]) {
        let dots: Token![..] = input.parse()?;
        if input.peek(Token![=]) {
            return Err(input.error("ranges end before their last number: write `0..LAYERS`"));
        }
        if input.peek(token::Brace) {
            return Err(Error::new(dots.spans[1], "expected how many iterations: `0..LAYERS`"));
        }
        if let [_, second, ..] = names {
            return Err(Error::new(second.span(), "a range has one number in each iteration"));
        }
        let end = expression(input)?;
        let place = place.to(end.place);
        return Ok((Over::Range(first, end), place));
    }
    let (first, reversed) = match first.kind {
        ExprKind::Call { ref callee, ref arguments } if path_text(callee) == "rev" => {
            let [crate::ast::Argument::Positional(inner)] = &arguments[..] else {
                return Err(Error::new(
                    place.start,
                    "expected `rev(x)`; several are `rev((x, y))`",
                ));
            };
            (inner.clone(), true)
        }
        _ => (first, false),
    };
    if let ExprKind::Call { callee, .. } = &first.kind
        && let hint @ Some(_) = match &*path_text(callee) {
            "range" => Some(
                "for so many iterations write `for i in 0..N`; numbers to go along are named first, `let numbers = range(8);`",
            ),
            "enumerate" => Some("the iterations of a sequence have no numbers: only `0..N` has"),
            "zip" => Some("several are gone over as `for (a, b) in (x, y)`"),
            _ => None,
        }
    {
        return Err(Error::new(place.start, hint.unwrap_or_default()));
    }
    let values = match first.kind {
        ExprKind::Tuple(items) => items,
        _ => vec![first],
    };
    if values.len() != names.len() {
        let hint = match (&values[..], names) {
            ([one], _) => format!("write `for x_t in {one}`; several are gone over as `(a, b)`"),
            (_, [name]) => format!("write `for ({name}, ..) in ..`"),
            _ => "give each of them one name".to_owned(),
        };
        let (values, names) = (values.len(), names.len());
        let message = format!("the loop names {names} values, but goes over {values}: {hint}");
        return Err(Error::new(place.start, message));
    }
    Ok((Over::Values { values, reversed }, place))
}

/// Returns true if the attribute is `#[checkpoint]` or `#[truncate(..)]`, which only loops have.
pub fn is_of_loop(attribute: &Attribute) -> bool {
    ["checkpoint", "truncate", "unroll"].iter().any(|name| attribute.path().is_ident(name))
}

/// Returns an error if an attribute is more than its name.
pub fn without_value(attribute: &Attribute) -> Result<()> {
    attribute.meta.require_path_only().map(drop).map_err(|error| {
        let name = path_text(attribute.path());
        Error::new(error.span(), format!("`{name}` takes no value: write `#[{name}]`"))
    })
}

/// Returns the string of `#[name = ".."]`, checked to be non-empty and free of control characters.
pub fn stored_name(attribute: &Attribute) -> Result<LitStr> {
    let expected = "expected a string: `#[name = \"encoder.fc\"]`";
    let value = attribute.meta.require_name_value();
    let value = &value.map_err(|error| Error::new(error.span(), expected))?.value;
    let name: LitStr =
        syn::parse2(quote::quote!(#value)).map_err(|_| Error::new_spanned(value, expected))?;
    let text = name.value();
    if text.is_empty() {
        return Err(Error::new(name.span(), "a name has at least one character"));
    }
    match text.chars().find(|c| c.is_control()) {
        Some(c) => {
            let what = format!("a name has no control characters, but this has {c:?}");
            Err(Error::new(name.span(), what))
        }
        None => Ok(name),
    }
}

/// Stores one attribute in the loop.
pub fn loop_attribute(attribute: &Attribute, repeated: &mut For) -> Result<()> {
    let path = attribute.path();
    if path.is_ident("name") {
        repeated.stored_name = Some(stored_name(attribute)?);
    } else if path.is_ident("checkpoint") {
        without_value(attribute)?;
        repeated.checkpoint = true;
    } else if path.is_ident("unroll") {
        without_value(attribute)?;
        repeated.unroll = true;
    } else if path.is_ident("truncate") {
        if !matches!(attribute.meta, syn::Meta::List(_)) {
            let hint = "expected after how many iterations gradients stop: `#[truncate(16)]`";
            return Err(Error::new_spanned(attribute, hint));
        }
        repeated.truncate = Some(attribute.parse_args_with(sound_expression)?);
    } else if path.is_ident("frozen") {
        let hint = "only layers can be frozen: put `#[frozen]` before the `let` of each";
        return Err(Error::new_spanned(attribute, hint));
    } else if !path.is_ident("doc") {
        return Err(Error::new_spanned(
            attribute,
            "no such attribute: a `for` takes `#[name = \"...\"]`, `#[checkpoint]` and `#[truncate(16)]`",
        ));
    }
    Ok(())
}
