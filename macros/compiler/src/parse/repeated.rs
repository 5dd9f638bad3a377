//! Loops: `for _ in 0..LAYERS { .. }` and `for x_t in x { .. }`.

use super::body::{Fault, Pattern, braced_body, pattern};
use super::expression::expression;
use crate::ast::{Expr, ExprKind, For, Over, path_text};
use crate::report::Place;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Error, LitStr, Result, Token, token};

/// Deeper nesting is refused, so that no input exhausts the stack.
const DEEPEST: usize = 40;

/// Whether a loop follows.
pub fn is_loop(input: ParseStream) -> bool {
    input.peek(Token![for]) && !input.peek2(Token![<])
}

/// A loop, after its attributes.
pub fn repeated(input: ParseStream, attributes: &[Attribute]) -> std::result::Result<For, Fault> {
    let start = input.parse::<Token![for]>()?.span;
    let names = if input.peek(Token![_]) {
        vec![Ident::new("_", input.parse::<Token![_]>()?.span)]
    } else {
        names(input)?
    };
    if !input.peek(Token![in]) {
        return Err(input.error("expected `in` and what the loop goes over").into());
    }
    input.parse::<Token![in]>()?;
    let first = expression(input)?;
    let (over, place) = over(input, first, &names)?;
    if !input.peek(token::Brace) {
        return Err(input.error("expected what is done in each turn, in braces").into());
    }
    if deeper_than(input.cursor().token_tree().map(|(tree, _)| tree.into()), DEEPEST) {
        return Err(input.error("this loop is nested too deeply").into());
    }
    let (body, errors) = braced_body(input)?;
    if let Some(error) = errors {
        return Err(Fault { error, goes_on: true });
    }
    let place = Place { start, end: place.end };
    let mut repeated =
        For { stored_name: None, checkpoint: false, truncate: None, names, over, body, place };
    for attribute in attributes {
        loop_attribute(attribute, &mut repeated)?;
    }
    Ok(repeated)
}

/// What is named in every turn.
fn names(input: ParseStream) -> Result<Vec<Ident>> {
    let Pattern { names, mutable, fault } = pattern(input)?;
    match (mutable.first(), fault) {
        (Some(name), _) => Err(Error::new(
            name.span(),
            format!("`{name}` is new in every turn: say `let mut {name} = {name};` in the loop"),
        )),
        (None, Some(fault)) => Err(fault),
        (None, None) => Ok(names),
    }
}

/// Whether groups are nested deeper than `levels`.
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
            return Err(Error::new(dots.spans[1], "expected how many turns: `0..LAYERS`"));
        }
        if let [_, second, ..] = names {
            return Err(Error::new(second.span(), "a range has one number in each turn"));
        }
        let end = expression(input)?;
        let place = place.to(end.place);
        return Ok((Over::Range(first, end), place));
    }
    let (first, reversed) = match first.kind {
        ExprKind::Call { ref callee, ref arguments } if path_text(callee) == "rev" => {
            let [crate::ast::Argument::Positional(inner)] = &arguments[..] else {
                return Err(Error::new(place.start, "expected `rev(x)`"));
            };
            (inner.clone(), true)
        }
        _ => (first, false),
    };
    if let ExprKind::Call { callee, .. } = &first.kind
        && let hint @ Some(_) = match &*path_text(callee) {
            "enumerate" => Some("the turns of a sequence have no numbers: only `0..N` has"),
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

/// Whether an attribute says something about turns.
pub fn is_of_loop(attribute: &Attribute) -> bool {
    attribute.path().is_ident("checkpoint") || attribute.path().is_ident("truncate")
}

/// The text of `#[name = ".."]`.
pub fn stored_name(attribute: &Attribute) -> Result<LitStr> {
    let value = &attribute.meta.require_name_value()?.value;
    syn::parse2(quote::quote!(#value))
        .map_err(|_| Error::new_spanned(value, "expected a string: `#[name = \"encoder.fc\"]`"))
}

/// One attribute of a loop.
pub fn loop_attribute(attribute: &Attribute, repeated: &mut For) -> Result<()> {
    let path = attribute.path();
    if path.is_ident("name") {
        repeated.stored_name = Some(stored_name(attribute)?);
    } else if path.is_ident("checkpoint") {
        attribute.meta.require_path_only()?;
        repeated.checkpoint = true;
    } else if path.is_ident("truncate") {
        if !matches!(attribute.meta, syn::Meta::List(_)) {
            let hint = "expected after how many turns gradients stop: `#[truncate(16)]`";
            return Err(Error::new_spanned(attribute, hint));
        }
        repeated.truncate = Some(attribute.parse_args_with(expression)?);
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
