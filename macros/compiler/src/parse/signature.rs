//! The signature of a network: generic parameters, inputs and outputs.

use super::expression::{shape, size_expression, sound_expression, type_path};
use super::name::name;
use super::network::not_a_primitive;
use super::skip_token;
use crate::ast::{Element, Expr, Generic, Input, Network, Shape};
use crate::report::Report;
use proc_macro2::Ident;
use syn::buffer::Cursor;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, braced, parenthesized, token};

/// Parses generic parameters, inputs and outputs into `network`, as far as it can.
pub fn signature(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        while !input.peek(Token![>]) && !input.is_empty() {
            let read = generic(input, &mut network.generics, report);
            network.complete &= last_is_new(&mut network.generics, report);
            let sound = read.and_then(|sound| end_of_generic(input).map(|()| sound));
            network.complete &= sound.unwrap_or_else(|error| {
                report.syntax(&error);
                skip_generic(input);
                false
            });
            if input.peek(token::Paren) {
                break;
            }
        }
        if input.peek(Token![>]) {
            input.parse::<Token![>]>()?;
        }
    }
    if !input.peek(token::Paren) {
        return Err(input.error("expected the inputs in parentheses: `(x: [64])`"));
    }
    let content;
    parenthesized!(content in input);
    network.counted = true;
    network.complete &= inputs(&content, network, report);
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

/// Parses the comma after a parameter; the `>` after the last one is left.
fn end_of_generic(input: ParseStream) -> Result<()> {
    if input.peek(Token![+]) {
        return Err(input.error("an activation has no other bounds: `A: Activation`"));
    }
    if !input.peek(Token![>]) {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// Skips past the comma of a parameter that could not be parsed, or to the `>` or `(` that ends the
/// list.
fn skip_generic(input: ParseStream) {
    while !(input.is_empty() || input.peek(Token![>]) || input.peek(token::Paren)) {
        let is_comma = input.peek(Token![,]);
        skip_token(input);
        if is_comma {
            return;
        }
    }
}

/// Removes and reports the last parameter if its name is taken. Returns true if it is new.
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

/// Parses the inputs. Returns false if one is in error; parsing resumes at the next one.
fn inputs(content: ParseStream, network: &mut Network, report: &mut Report) -> bool {
    let mut sound = true;
    while !content.is_empty() {
        let before = network.inputs.len();
        if let Err(error) = input(content, &mut network.inputs) {
            report.syntax(&error);
            sound = false;
            network.counted &= network.inputs.len() > before;
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
    // an input whose shape is in error still declares its name
    let name = name(content)?;
    inputs.push(Input { name: name.clone(), kind: None, element: element(content.cursor()) });
    let kind = declared_kind(content, &name)?;
    if let Some(input) = inputs.last_mut() {
        input.kind = Some(kind);
    }
    Ok(())
}

/// Parses one parameter. Returns false if its bound is wrong: that is reported here, but the
/// parameter is kept, so that the type takes as many arguments as its users give it.
fn generic(input: ParseStream, generics: &mut Vec<Generic>, report: &mut Report) -> Result<bool> {
    let is_size = input.peek(Token![const]);
    if is_size {
        input.parse::<Token![const]>()?;
    }
    if input.peek(syn::Lifetime) {
        return Err(
            input.error("a network has no lifetimes: its parameters are activations and sizes")
        );
    }
    let name = name(input)?;
    // a placeholder, which stays if the rest of the parameter cannot be parsed
    generics.push(Generic::Unknown { name: name.clone(), is_size, default: None });
    let (generic, fault) = match is_size {
        true => size_generic(input, &name)?,
        false => type_generic(input, &name)?,
    };
    if let Some(error) = &fault {
        report.syntax(error);
    }
    generics.pop();
    generics.extend(generic);
    Ok(fault.is_none())
}

/// The parameter, unless it is to be left out, and its error.
type Declared = (Option<Generic>, Option<Error>);

/// Parses `: usize = 64`, after the name of a size.
fn size_generic(input: ParseStream, name: &Ident) -> Result<Declared> {
    let name = name.clone();
    if !input.peek(Token![:]) {
        let fault =
            Error::new(name.span(), format!("expected the type of a size: `const {name}: usize`"));
        let default = default(input, size_default)?;
        return Ok((Some(Generic::Size { name, default }), Some(fault)));
    }
    input.parse::<Token![:]>()?;
    let kind: Ident = input.parse()?;
    let default = default(input, size_default)?;
    if kind == "usize" {
        return Ok((Some(Generic::Size { name, default }), None));
    }
    let fault = Error::new(kind.span(), wrong_constant(&kind));
    Ok((Some(Generic::Unknown { name, is_size: true, default }), Some(fault)))
}

/// Parses `: Activation = Gelu`, after the name of an activation.
fn type_generic(input: ParseStream, name: &Ident) -> Result<Declared> {
    let name = name.clone();
    let is_scalar = matches!(&*name.to_string(), "f32" | "f64");
    let primitive = not_a_primitive(&name).err().filter(|_| !is_scalar);
    if !input.peek(Token![:]) {
        let fault = match is_scalar {
            true => SCALAR.to_owned(),
            false => format!(
                "expected a bound: `{name}: Activation`, or `const {name}: usize` for a size"
            ),
        };
        let fault = primitive.or_else(|| Some(Error::new(name.span(), fault)));
        let generic = if is_scalar {
            None
        } else if !input.peek(Token![=]) {
            Some(Generic::Unknown { name, is_size: false, default: None })
        } else if input.peek2(syn::Ident) {
            Some(Generic::Activation { name, default: default(input, type_path)? })
        } else {
            Some(Generic::Size { name, default: default(input, size_default)? })
        };
        return Ok((generic, fault));
    }
    input.parse::<Token![:]>()?;
    let bound = type_path(input)?;
    let is = |what: &str| bound.segments.last().is_some_and(|segment| segment.ident == what);
    let fault = |message: String| Some(Error::new_spanned(&bound, message));
    if is("usize") {
        let fault = fault(format!("a size is written `const {name}: usize`"));
        return Ok((Some(Generic::Size { name, default: default(input, size_default)? }), fault));
    }
    let default = default(input, type_path)?;
    if is("Scalar") {
        // every generated type has a scalar parameter already: a user's argument goes to that one
        return Ok((None, fault(SCALAR.to_owned())));
    }
    if is_scalar {
        return Ok((None, Some(Error::new(name.span(), SCALAR))));
    }
    let fault = match is("Activation") {
        true => primitive,
        false => {
            fault(format!("a type parameter of a network is an activation: `{name}: Activation`"))
        }
    };
    Ok((Some(Generic::Activation { name, default }), fault))
}

/// The message for a type parameter that stands for the scalar type.
const SCALAR: &str = "every network has a scalar type of its own, which is `f32` unless it says `Net<f64>`: leave this parameter out";

/// Returns the message for a const parameter whose type is not `usize`.
fn wrong_constant(kind: &Ident) -> String {
    let message = format!("sizes are `usize`, not `{kind}`");
    match &*kind.to_string() {
        "f32" | "f64" => format!("{message}: write the number itself where it is used"),
        _ => message,
    }
}

/// Parses the default of a size: `64`, or `{ 4 * WIDTH }`.
fn size_default(input: ParseStream) -> Result<Expr> {
    if !input.peek(token::Brace) {
        return size_expression(input);
    }
    let content;
    braced!(content in input);
    sound_expression(&content)
}

fn default<T>(input: ParseStream, parse: impl Fn(ParseStream) -> Result<T>) -> Result<Option<T>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    parse(input).map(Some)
}

/// Parses what follows the name of an input: `: [64]`, `: u32[8]`.
fn declared_kind(input: ParseStream, name: &Ident) -> Result<(Element, Shape)> {
    if !input.peek(Token![:]) {
        let message = format!("expected the shape of `{name}`: `{name}: [64]`");
        return Err(Error::new(if input.is_empty() { name.span() } else { input.span() }, message));
    }
    input.parse::<Token![:]>()?;
    kind(input)
}

/// Returns the element type that is meant after the name of an input, also by what is no shape:
/// `: (64)`, `: f32[64]`.
fn element(mut after: Cursor<'_>) -> Option<Element> {
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

/// Parses the shapes of the outputs: `[10]`, `([10], [1])`.
pub fn outputs(input: ParseStream) -> Result<Vec<Shape>> {
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
