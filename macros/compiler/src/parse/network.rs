//! A network: header, statements, loss.

use super::expression::{arguments, expression, shape, type_path};
use super::{skip_statement, skip_token};
use crate::ast::{Body, Element, Generic, Input, Let, Loss, Network, Shape};
use crate::report::{Place, Report};
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, LitStr, Result, Token, Visibility, braced, parenthesized, token};

syn::custom_keyword!(loss);

/// The next network, or nothing where not even a name could be read.
pub fn network(input: ParseStream, report: &mut Report) -> Option<Network> {
    let mut network = match header(input) {
        Ok(network) => network,
        Err(error) => {
            report.syntax(&error);
            skip_body(input);
            return None;
        }
    };
    if let Err(error) = signature(input, &mut network, report) {
        report.syntax(&error);
        network.complete = false;
    }
    while !(input.is_empty() || input.peek(token::Brace)) {
        if network.complete {
            report.error(input.span(), "expected the network's body in braces");
            network.complete = false;
        }
        skip_token(input);
    }
    if input.is_empty() {
        if network.complete {
            report.error(
                network.name.span(),
                format!("`{}` has no body: expected `{{ ... }}` after its outputs", network.name),
            );
        }
        network.complete = false;
        return Some(network);
    }
    match body(input, report) {
        Ok((body, complete)) => {
            network.body = body;
            network.complete &= complete;
        }
        Err(error) => {
            report.syntax(&error);
            network.complete = false;
        }
    }
    if input.peek(loss) {
        match loss_clause(input) {
            Ok(clause) => network.loss = Some(clause),
            Err(error) => {
                report.syntax(&error);
                network.complete = false;
                skip_body(input);
            }
        }
    }
    Some(network)
}

/// Skips to after the next body in braces, where the next network begins.
fn skip_body(input: ParseStream) {
    while !(input.is_empty() || input.peek(token::Brace)) {
        skip_token(input);
    }
    skip_token(input);
}

/// Attributes, visibility and name.
fn header(input: ParseStream) -> Result<Network> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if !input.peek(syn::Ident) {
        return Err(input.error(
            "expected a network: `Name(x: [64]) -> [10] { ... }`, with `pub` and `<...>` at will",
        ));
    }
    let name: Ident = input.parse()?;
    let end = Place::token(name.span());
    Ok(Network {
        attributes,
        visibility,
        name,
        generics: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        body: Body { statements: Vec::new(), result: None, end },
        loss: None,
        complete: true,
    })
}

/// Generics, inputs and outputs, filled in as far as they can be read.
fn signature(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        while !input.peek(Token![>]) {
            network.complete &= generic(input, &mut network.generics, report)?;
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
    if let Err(error) = inputs(&content, &mut network.inputs) {
        // what follows the parentheses can be read nevertheless
        report.syntax(&error);
        network.complete = false;
        while !content.is_empty() {
            skip_token(&content);
        }
    }
    if !input.peek(Token![->]) {
        return Err(input.error("expected the output's shape: `-> [10]`"));
    }
    input.parse::<Token![->]>()?;
    network.outputs = outputs(input)?;
    Ok(())
}

fn inputs(content: ParseStream, inputs: &mut Vec<Input>) -> Result<()> {
    while !content.is_empty() {
        inputs.push(declared_input(content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

/// One parameter, and whether it is sound: a wrong bound is reported, but the parameter is kept,
/// so that the type takes as many as its users give it.
fn generic(input: ParseStream, generics: &mut Vec<Generic>, report: &mut Report) -> Result<bool> {
    if input.peek(Token![const]) {
        input.parse::<Token![const]>()?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let kind: Ident = input.parse()?;
        let sound = kind == "usize";
        if !sound {
            report.error(kind.span(), format!("sizes are `usize`, not `{kind}`"));
        }
        let default = default(input, |input| {
            if !input.peek(token::Brace) {
                // a comparison cannot stand here, so the sum ends before `>` or `,`
                return expression(input);
            }
            let content;
            braced!(content in input);
            expression(&content)
        })?;
        generics.push(Generic::Size { name, default });
        return Ok(sound);
    }
    let name: Ident = input.parse()?;
    let mut problem = None;
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        let bound = type_path(input)?;
        if bound.segments.last().is_none_or(|segment| segment.ident != "Activation") {
            let message = "a type parameter of a network is an activation: `A: Activation`";
            problem = Some(Error::new_spanned(bound, message));
        }
    } else {
        let message =
            format!("expected a bound: `{name}: Activation`, or `const {name}: usize` for a size");
        problem = Some(Error::new(name.span(), message));
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

/// `x: [64]`, `tokens: u32[8]`.
fn declared_input(input: ParseStream) -> Result<Input> {
    let name: Ident = input.parse()?;
    if !input.peek(Token![:]) {
        return Err(input.error(format!("expected the shape of `{name}`: `{name}: [64]`")));
    }
    input.parse::<Token![:]>()?;
    Ok(Input { name, kind: Some(kind(input)?) })
}

/// `[64]`, `u32[8]`, `u32`.
fn kind(input: ParseStream) -> Result<(Element, Shape)> {
    if input.peek(token::Bracket) {
        return Ok((Element::Real, shape(input)?));
    }
    if !input.peek(syn::Ident) {
        return Err(input.error("expected a shape: `[64]`, or `u32[8]` for class numbers"));
    }
    let element: Ident = input.parse()?;
    if element != "u32" {
        return Err(Error::new(
            element.span(),
            format!(
                "no element type `{element}`: a shape alone means real numbers, `u32[..]` class numbers"
            ),
        ));
    }
    let shape = match input.peek(token::Bracket) {
        true => shape(input)?,
        false => Shape { sizes: Vec::new(), place: element.span().into() },
    };
    Ok((Element::Index, shape))
}

fn outputs(input: ParseStream) -> Result<Vec<Shape>> {
    if !input.peek(token::Paren) {
        if !input.peek(token::Bracket) {
            return Err(input.error("expected the output's shape: `[10]`"));
        }
        return Ok(vec![shape(input)?]);
    }
    let content;
    parenthesized!(content in input);
    let mut outputs = Vec::new();
    while !content.is_empty() {
        outputs.push(shape(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(outputs)
}

/// The statements in braces, and whether all of them could be parsed.
fn body(input: ParseStream, report: &mut Report) -> Result<(Body, bool)> {
    let content;
    let brace = braced!(content in input);
    let mut body = Body { statements: Vec::new(), result: None, end: brace.span.close().into() };
    let mut complete = true;
    while !content.is_empty() {
        if let Err(error) = statement(&content, &mut body) {
            report.syntax(&error);
            complete = false;
            skip_statement(&content);
        }
    }
    if body.result.is_none() && complete {
        report.error(body.end, "expected a value here: a body ends with what the network gives");
        complete = false;
    }
    Ok((body, complete))
}

fn statement(input: ParseStream, body: &mut Body) -> Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.peek(Token![let]) {
        body.statements.push(let_statement(input, &attributes)?);
        return Ok(());
    }
    if let Some(attribute) = attributes.first() {
        return Err(Error::new_spanned(attribute, "attributes stand before a `let`"));
    }
    let value = expression(input)?;
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        let message = match input.is_empty() {
            true => "the last value is what the network gives: no `;` after it",
            false => "this value is not used: give it a name with `let`",
        };
        return Err(Error::new(semicolon.span, message));
    }
    if !input.is_empty() {
        return Err(input.error("expected `;` or an operator"));
    }
    body.result = Some(value);
    Ok(())
}

fn let_statement(input: ParseStream, attributes: &[Attribute]) -> Result<Let> {
    input.parse::<Token![let]>()?;
    if input.peek(Token![mut]) {
        return Err(input.error("`let mut` is not supported yet: give the new value a new name"));
    }
    if !input.peek(syn::Ident) {
        return Err(input.error("expected a name"));
    }
    let name: Ident = input.parse()?;
    if !input.peek(Token![=]) {
        return Err(input.error(format!("expected `=` and the value of `{name}`")));
    }
    input.parse::<Token![=]>()?;
    let value = expression(input)?;
    if !input.peek(Token![;]) {
        return Err(input.error("expected `;` or an operator"));
    }
    input.parse::<Token![;]>()?;
    let (mut stored_name, mut frozen) = (None, false);
    for attribute in attributes {
        if attribute.path().is_ident("name") {
            let value = &attribute.meta.require_name_value()?.value;
            stored_name = Some(syn::parse2::<LitStr>(quote::quote!(#value)).map_err(|_| {
                Error::new_spanned(value, "expected a string: `#[name = \"encoder.fc\"]`")
            })?);
        } else if attribute.path().is_ident("frozen") {
            attribute.meta.require_path_only()?;
            frozen = true;
        } else if !attribute.path().is_ident("doc") {
            return Err(Error::new_spanned(
                attribute,
                "no such attribute: a `let` takes `#[name = \"...\"]` and `#[frozen]`",
            ));
        }
    }
    Ok(Let { stored_name, frozen, name, value })
}

fn loss_clause(input: ParseStream) -> Result<Loss> {
    input.parse::<loss>()?;
    if !input.peek(Token![|]) {
        let name = input.call(Ident::parse_any)?;
        let mut options = Vec::new();
        if input.peek(token::Paren) {
            options = arguments(input)?;
        }
        end_of_loss(input)?;
        return Ok(Loss::Named { name, options });
    }
    input.parse::<Token![|]>()?;
    let mut inputs = Vec::new();
    while !input.peek(Token![|]) {
        let name: Ident = input.parse()?;
        let mut input_kind = None;
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            input_kind = Some(kind(input)?);
        }
        inputs.push(Input { name, kind: input_kind });
        if !input.peek(Token![|]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![|]>()?;
    let value = expression(input)?;
    end_of_loss(input)?;
    Ok(Loss::Custom { inputs, value })
}

fn end_of_loss(input: ParseStream) -> Result<()> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    }
    Ok(())
}
