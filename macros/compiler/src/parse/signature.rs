//! Generics, inputs and outputs of a network.

use super::expression::{shape, size_expression, sound_expression, type_path};
use super::name::name;
use super::network::not_a_primitive;
use super::skip_token;
use crate::ast::{Element, Generic, Input, Network, Shape};
use crate::report::Report;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, braced, parenthesized, token};

/// Generics, inputs and outputs, filled in as far as they can be read.
pub fn signature(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        while !input.peek(Token![>]) {
            network.complete &= generic(input, &mut network.generics, report)?;
            network.complete &= last_is_new(&mut network.generics, report);
            if !input.peek(Token![>]) {
                input.parse::<Token![,]>()?;
            }
        }
        input.parse::<Token![>]>()?;
    }
    if !input.peek(token::Paren) {
        return Err(input.error("expected the inputs in parentheses: `(x: [64])`"));
    }
    let content;
    parenthesized!(content in input);
    network.complete &= inputs(&content, &mut network.inputs, report);
    if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
    } else if input.peek(Token![=>]) || input.peek(Token![:]) {
        report.error(input.span(), "the output's shape follows an arrow: `-> [10]`");
        network.complete = false;
        (0..if input.peek(Token![:]) { 1 } else { 2 }).for_each(|_| skip_token(input));
    } else {
        return Err(input.error("expected the output's shape: `-> [10]`"));
    }
    network.outputs = outputs(input)?;
    Ok(())
}

/// Drops and reports a parameter whose name another has already.
fn last_is_new(generics: &mut Vec<Generic>, report: &mut Report) -> bool {
    let Some((last, others)) = generics.split_last() else { return true };
    let name = last.name();
    let new = others.iter().all(|other| other.name() != name);
    if !new {
        report.error(name.span(), format!("`{name}` is declared twice"));
        generics.pop();
    }
    new
}

/// The inputs, and whether all of them could be read; after one that could not it goes on with the
/// next.
fn inputs(content: ParseStream, inputs: &mut Vec<Input>, report: &mut Report) -> bool {
    let mut sound = true;
    while !content.is_empty() {
        if let Err(error) = input(content, inputs) {
            report.syntax(&error);
            sound = false;
            skip_input(content);
        }
        if !content.is_empty() {
            if !content.peek(Token![,]) {
                report.error(content.span(), "expected `,` before this");
                sound = false;
                continue;
            }
            skip_token(content);
        }
    }
    sound
}

/// Skips to the next comma that is not between `<` and `>`.
fn skip_input(content: ParseStream) {
    let mut depth = 0_usize;
    while !(content.is_empty() || (depth == 0 && content.peek(Token![,]))) {
        match content.cursor().punct().map(|(punct, _)| punct.as_char()) {
            Some('<') => depth += 1,
            Some('>') => depth = depth.saturating_sub(1),
            _ => {}
        }
        skip_token(content);
    }
}

fn input(content: ParseStream, inputs: &mut Vec<Input>) -> Result<()> {
    let own = content.peek(Token![self]) || content.peek2(Token![self]);
    if own && !content.peek(syn::Ident) {
        return Err(content.error("a network has no `self`: the parentheses hold its inputs alone"));
    }
    if content.peek(Token![mut]) {
        return Err(content.error(
            "an input keeps its value: `let mut h = x;` in the body begins one that changes",
        ));
    }
    if !content.peek(syn::Ident) {
        return Err(content.error("expected an input and its shape: `x: [64]`"));
    }
    // the name counts even where its shape cannot be read
    let name = name(content)?;
    inputs.push(Input { name: name.clone(), kind: None });
    let kind = declared_kind(content, &name)?;
    if let Some(input) = inputs.last_mut() {
        input.kind = Some(kind);
    }
    Ok(())
}

/// One parameter, and whether it is sound: a wrong bound is reported, but the parameter is kept,
/// so that the type takes as many as its users give it.
fn generic(input: ParseStream, generics: &mut Vec<Generic>, report: &mut Report) -> Result<bool> {
    if input.peek(Token![const]) {
        input.parse::<Token![const]>()?;
        let name = name(input)?;
        input.parse::<Token![:]>()?;
        let kind: Ident = input.parse()?;
        let sound = kind == "usize";
        if !sound {
            report.error(kind.span(), format!("sizes are `usize`, not `{kind}`"));
        }
        let default = default(input, |input| {
            if !input.peek(token::Brace) {
                return size_expression(input);
            }
            let content;
            braced!(content in input);
            sound_expression(&content)
        })?;
        generics.push(Generic::Size { name, default });
        return Ok(sound);
    }
    let name = name(input)?;
    let mut problem = not_a_primitive(&name).err();
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        let bound = type_path(input)?;
        if bound.segments.last().is_none_or(|segment| segment.ident != "Activation") {
            let message = "a type parameter of a network is an activation: `A: Activation`";
            problem.get_or_insert_with(|| Error::new_spanned(bound, message));
        }
    } else {
        let message =
            format!("expected a bound: `{name}: Activation`, or `const {name}: usize` for a size");
        problem.get_or_insert_with(|| Error::new(name.span(), message));
    }
    if let Some(error) = &problem {
        report.syntax(error);
    }
    generics.push(Generic::Activation { name, default: default(input, type_path)? });
    Ok(problem.is_none())
}

fn default<T>(input: ParseStream, parse: impl Fn(ParseStream) -> Result<T>) -> Result<Option<T>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    parse(input).map(Some)
}

/// `: [64]`, `: u32[8]`: what follows the name of an input.
fn declared_kind(input: ParseStream, name: &Ident) -> Result<(Element, Shape)> {
    if !input.peek(Token![:]) {
        let message = format!("expected the shape of `{name}`: `{name}: [64]`");
        return Err(Error::new(if input.is_empty() { name.span() } else { input.span() }, message));
    }
    input.parse::<Token![:]>()?;
    kind(input)
}

/// `[64]`, `u32[8]`, `u32`.
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

/// What to write instead of a type.
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

fn outputs(input: ParseStream) -> Result<Vec<Shape>> {
    if !input.peek(token::Paren) {
        if !input.peek(token::Bracket) {
            return Err(input.error("expected the output's shape: `[10]`"));
        }
        let first = shape(input)?;
        if input.peek(Token![,]) {
            return Err(input.error("several outputs stand in parentheses: `-> ([10], [1])`"));
        }
        return Ok(vec![first]);
    }
    let place = input.span();
    let content;
    parenthesized!(content in input);
    if content.is_empty() || !content.peek(token::Bracket) {
        return Err(Error::new(
            place,
            "expected the outputs' shapes: `[10]`, or `([10], [1])` for two",
        ));
    }
    let mut outputs = Vec::new();
    while !content.is_empty() {
        outputs.push(shape(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(outputs)
}
