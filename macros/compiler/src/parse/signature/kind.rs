//! The kind of an input: the type of its elements, and its shape.

use crate::ast::{Element, Shape};
use crate::parse::expression::shape;
use proc_macro2::Ident;
use syn::buffer::Cursor;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, token};

/// Parses what follows the name of an input: `: [64]`, `: u32[8]`.
pub fn declared_kind(input: ParseStream, name: &Ident) -> Result<(Element, Shape)> {
    if !input.peek(Token![:]) {
        let message = format!("expected the shape of `{name}`: `{name}: [64]`");
        return Err(Error::new(if input.is_empty() { name.span() } else { input.span() }, message));
    }
    input.parse::<Token![:]>()?;
    kind(input)
}

/// Returns the element type that is meant after the name of an input, also by what is no shape:
/// `: (64)`, `: f32[64]`.
pub fn element(mut after: Cursor<'_>) -> Option<Element> {
    while let Some((_, rest)) = after.punct().filter(|(it, _)| ":=&".contains(it.as_char())) {
        after = rest;
    }
    let none = after.eof() || after.punct().is_some_and(|(punct, _)| punct.as_char() == ',');
    if none || after.literal().is_some() || after.any_group().is_some() {
        return Some(Element::Real);
    }
    match &*after.ident()?.0.to_string() {
        "u32" => Some(Element::Index),
        "f32" | "float" | "Float" => Some(Element::Real),
        _ => None,
    }
}

/// Parses an element type and shape: `[64]`, `u32[8]`, `u32`.
pub fn kind(input: ParseStream) -> Result<(Element, Shape)> {
    if input.peek(token::Bracket) {
        return Ok((Element::Real, shape(input)?));
    }
    if !input.peek(syn::Ident) {
        let message = if input.peek(token::Paren) || input.peek(syn::LitInt) {
            "shapes stand in brackets: `[64]`, `[3, 32, 32]`"
        } else if input.peek(Token![&]) {
            "inputs are not borrowed here: a shape alone, `[64]`"
        } else {
            "expected a shape: `[64]`, or `u32[8]` for class numbers"
        };
        return Err(input.error(message));
    }
    let element: Ident = input.parse()?;
    if element != "u32" {
        return Err(Error::new(element.span(), wrong_element(&element)));
    }
    let shape = match input.peek(token::Bracket) {
        true => shape(input)?,
        false => Shape { sizes: Vec::new(), place: element.span().into() },
    };
    Ok((Element::Index, shape))
}

/// Returns the message for an element type that the language does not have.
fn wrong_element(element: &Ident) -> String {
    match &*element.to_string() {
        "f32" | "f64" | "f16" | "bf16" | "float" | "Float" => format!(
            "no element type `{element}`: a shape alone means real numbers, `[64]`, and one number is `[]`"
        ),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u64" | "usize" | "isize" | "int" | "Int" => {
            format!("no element type `{element}`: class numbers are `u32`, or `u32[8]` for several")
        }
        _ => format!(
            "no element type `{element}`: a shape alone means real numbers, `u32[..]` class numbers"
        ),
    }
}
