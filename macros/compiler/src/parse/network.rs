//! A network: header, statements, loss.

use super::body::{body, braced_body};
use super::expression::{arguments, expression};
use super::generics::decide;
use super::measures;
use super::signature::{kind, signature};
use super::skip_token;
use crate::ast::{Body, Input, Loss, Metric, Network};
use crate::report::{Place, Report};
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Result, Token, Visibility, token};

syn::custom_keyword!(loss);
syn::custom_keyword!(metric);

/// The next network, or nothing where not even a name could be read.
pub fn network(input: ParseStream, report: &mut Report) -> Option<Network> {
    let early = measures::misplaced(input, report);
    let mut network = match header(input, report) {
        Ok(network) => network,
        Err(error) => {
            report.syntax(&error);
            skip_body(input);
            measures::skip(input);
            return None;
        }
    };
    network.complete &= !early;
    if let Err(error) = signature(input, &mut network, report) {
        report.syntax(&error);
        network.complete = false;
    }
    if network.complete && !(input.is_empty() || input.peek(token::Brace)) {
        report.error(input.span(), "expected the network's body in braces");
        network.complete = false;
        // what is in the next braces may be a loop's
        skip_body(input);
        measures::skip(input);
        return Some(network);
    }
    while !(input.is_empty() || input.peek(token::Brace)) {
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
    network.generics.iter_mut().for_each(|generic| decide(generic, &network.body));
    measures::measures(input, &mut network, report);
    Some(network)
}

/// Skips to after the next body in braces, where the next network begins.
pub fn skip_body(input: ParseStream) {
    while !(input.is_empty() || input.peek(token::Brace)) {
        skip_token(input);
    }
    skip_token(input);
}

/// Attributes, visibility and name.
fn header(input: ParseStream, report: &mut Report) -> Result<Network> {
    let mut attributes = input.call(Attribute::parse_outer)?;
    let mut streaming = None;
    for attribute in attributes.extract_if(.., |attribute| attribute.path().is_ident("streaming")) {
        attribute.meta.require_path_only()?;
        streaming = attribute.path().get_ident().map(|ident| Place::token(ident.span()));
    }
    let visibility: Visibility = input.parse()?;
    let complete = skip_item(input, report);
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
        metrics: Vec::new(),
        streaming,
        complete,
    })
}

/// Skips the word before a name that would begin another item of Rust, `struct` or `fn`, or that
/// is a name itself; false where there was one.
fn skip_item(input: ParseStream, report: &mut Report) -> bool {
    let Some((word, rest)) = input.cursor().ident() else { return true };
    let Some((name, _)) = rest.ident() else { return true };
    let message = format!(
        "a network begins with its name: `{name}(x: [64]) -> [10] {{ .. }}`, without `{word}`"
    );
    report.error(word.span(), message);
    skip_token(input);
    false
}

/// `loss mse`, or `loss |y, target: [10]| ..`.
pub fn loss_clause(input: ParseStream) -> Result<Loss> {
    input.parse::<loss>()?;
    if !input.peek(Token![|]) {
        let name = input.call(Ident::parse_any)?;
        return named(input, name);
    }
    closure(input)
}

/// `metric accuracy`, or `metric error |y, target| ..`.
pub fn metric_clause(input: ParseStream) -> Result<Metric> {
    input.parse::<metric>()?;
    let name: Ident = input.parse()?;
    let value = match input.peek(Token![|]) {
        true => closure(input)?,
        false => named(input, name.clone())?,
    };
    Ok(Metric { name, value })
}

/// The options of a loss that stands by its name.
fn named(input: ParseStream, name: Ident) -> Result<Loss> {
    let mut options = Vec::new();
    if input.peek(token::Paren) {
        options = arguments(input)?;
    }
    end_of_loss(input)?;
    Ok(Loss::Named { name, options })
}

/// `|y, target: [10]| expression`, or `{ statements and a value }`.
fn closure(input: ParseStream) -> Result<Loss> {
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
    let (mut statements, mut value) = (Vec::new(), None);
    if input.peek(token::Brace) {
        let (body, errors) = braced_body(input)?;
        if let Some(errors) = errors {
            return Err(errors);
        }
        if body.result.is_none() {
            let what = "expected a value here: a loss ends with one number for each sample";
            return Err(Error::new(body.end.start, what));
        }
        (statements, value) = (body.statements, body.result);
    }
    let value = value.map_or_else(|| expression(input), Ok)?;
    end_of_loss(input)?;
    Ok(Loss::Custom { inputs, statements, value })
}

fn end_of_loss(input: ParseStream) -> Result<()> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    }
    Ok(())
}
