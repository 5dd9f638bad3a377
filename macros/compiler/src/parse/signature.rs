//! The signature of a network: generic parameters, inputs and outputs.

mod kind;
mod parameters;

pub use kind::kind;

use super::expression::shape;
use super::name::name;
use super::skip_token;
use crate::ast::{Input, Network, Shape};
use crate::report::Report;
use kind::{declared_kind, element};
use parameters::parameters;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, parenthesized, token};

/// Parses generic parameters, inputs and outputs into `network`, as far as it can.
pub fn signature(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    if input.peek(Token![<]) {
        parameters(input, network, report)?;
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
