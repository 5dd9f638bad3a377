//! One network: header, signature, body, loss and metrics.

use super::body::{Use, body, braced_body};
use super::expression::{arguments, expression};
use super::generics::decide;
use super::measures;
use super::name::{any_name, name};
use super::repeated::without_value;
use super::signature::{kind, signature};
use super::skip_token;
use crate::ast::{Argument, Body, Expr, ExprKind, Input, Loss, Metric, Network, Statement};
use crate::habits::names::{self, Instead};
use crate::habits::words;
use crate::nearest::nearest;
use crate::report::{Place, Report};
use crate::reserved::is_primitive;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, LitStr, Result, Token, Visibility, token};

syn::custom_keyword!(loss);
syn::custom_keyword!(metric);

/// Parses the next network. Returns `None` if not even its name can be parsed.
pub fn network(input: ParseStream, report: &mut Report) -> Option<Network> {
    let before = report.problems().len();
    measures::misplaced(input, report);
    let mut network = match header(input, report) {
        Ok(network) => network,
        Err(error) => {
            report.syntax(&error);
            if !input.peek(syn::Ident) {
                skip_body(input);
            }
            // its loss and metrics would only cause further errors
            measures::skip(input);
            return None;
        }
    };
    network.complete &= report.problems().len() == before;
    if let Err(error) = signature(input, &mut network, report) {
        report.syntax(&error);
        network.complete = false;
    }
    if network.complete && !(input.is_empty() || input.peek(token::Brace)) {
        report.error(input.span(), "expected the network's body in braces");
        network.complete = false;
        // the next braces may be those of a loop
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

/// Reports the refused forms in a loss. Returns true if there are any.
pub fn refused(loss: &Loss, report: &mut Report) -> bool {
    let values: Vec<&Expr> = match loss {
        Loss::Named { options, .. } => options.iter().map(Argument::value).collect(),
        Loss::Custom { statements, value, .. } => {
            statements.iter().flat_map(Statement::values).chain([value]).collect()
        }
    };
    values.into_iter().fold(false, |refused, value| report.refusals(value) | refused)
}

/// Skips past the next group in braces, to the next network.
pub fn skip_body(input: ParseStream) {
    while !(input.is_empty() || input.peek(token::Brace)) {
        skip_token(input);
    }
    skip_token(input);
}

/// Parses attributes, visibility and name.
fn header(input: ParseStream, report: &mut Report) -> Result<Network> {
    let mut attributes = input.call(Attribute::parse_outer)?;
    let streaming = asked(&mut attributes, "streaming", report);
    let input_gradients = asked(&mut attributes, "input_gradients", report);
    let inspect = asked(&mut attributes, "inspect", report);
    let visibility: Visibility = input.parse()?;
    external_header(input, report)?;
    if !input.peek(syn::Ident) {
        return Err(input.error(
            "expected a network: `Name(x: [64]) -> [10] { ... }`, with `pub` and `<...>` at will",
        ));
    }
    let name = name(input)?;
    not_a_primitive(&name)?;
    let end = Place::token(name.span());
    Ok(Network {
        attributes,
        visibility,
        name,
        generics: Vec::new(),
        inputs: Vec::new(),
        counted: false,
        outputs: Vec::new(),
        body: Body { statements: Vec::new(), result: None, end },
        loss: None,
        metrics: Vec::new(),
        streaming,
        input_gradients,
        inspect,
        complete: true,
    })
}

/// Takes the attributes of this name, which have no arguments, and returns the place of the last. The others go to the
/// type; one among them that resembles the name is reported, and taken as meant.
fn asked(attributes: &mut Vec<Attribute>, name: &str, report: &mut Report) -> Option<Place> {
    let mut place = None;
    let is_meant = |attribute: &mut Attribute| {
        let written = attribute.path().get_ident().map(ToString::to_string);
        written.is_some_and(|written| nearest(&written, [name]).is_some())
    };
    for attribute in attributes.extract_if(.., is_meant) {
        let Some(written) = attribute.path().get_ident() else { continue };
        if written != name {
            let what = format!("no attribute `{written}`; did you mean `#[{name}]`?");
            report.error(written.span(), what);
        } else if let Err(error) = without_value(&attribute) {
            report.syntax(&error);
        }
        place = Some(Place::token(written.span()));
    }
    place
}

/// Returns an error if the name is that of a primitive type of Rust, such as `f32`.
pub fn not_a_primitive(name: &Ident) -> Result<()> {
    if is_primitive(&name.to_string()) {
        let message = format!("`{name}` is a type of Rust's own: give this another name");
        return Err(Error::new(name.span(), message));
    }
    Ok(())
}

/// Parses `loss mse`, or `loss |y, target: [10]| ..`.
pub fn loss_clause(input: ParseStream, report: &mut Report) -> Result<Loss> {
    input.parse::<loss>()?;
    if input.peek(Token![:]) || input.peek(Token![=]) {
        report.error(input.span(), "a loss follows without a sign: `loss mse`");
        skip_token(input);
    }
    if !input.peek(Token![|]) {
        let before = report.problems().len();
        let name = loss_name(input, report)?;
        let mut loss = named(input, name)?;
        if let (true, Loss::Named { options, .. }) = (report.problems().len() > before, &mut loss) {
            // an error was reported for the name: the options would cause a second one
            options.clear();
        }
        return Ok(loss);
    }
    closure(input)
}

/// Parses the name of a loss, `mse`. A path such as `nn.MSELoss` is reported and replaced by the
/// language's name for it.
fn loss_name(input: ParseStream, report: &mut Report) -> Result<Ident> {
    if input.peek(LitStr) {
        let quoted: LitStr = input.parse()?;
        let message = format!("names are written without quotes: `loss {}`", quoted.value());
        let Ok(name) = quoted.parse::<Ident>() else {
            return Err(Error::new(quoted.span(), message));
        };
        report.error(quoted.span(), message);
        return Ok(name);
    }
    if !input.peek(syn::Ident::peek_any) {
        return Err(
            input.error("expected a loss: `mse`, `cross_entropy`, or `|y, target: [10]| ..`")
        );
    }
    let mut name = any_name(input)?;
    let mut place = Place::token(name.span());
    while input.peek(Token![.]) || input.peek(Token![::]) {
        (0..if input.peek(Token![.]) { 1 } else { 2 }).for_each(|_| skip_token(input));
        name = any_name(input)?;
        place.end = name.span();
    }
    if place.start.start() != name.span().start() {
        let text = name.to_string();
        let known = match names::instead(&text) {
            Some(Instead::Loss(known)) => known,
            _ => "mse",
        };
        report.error(place, format!("a loss stands by its name alone: `loss {known}`"));
        // the known name causes no second error
        name = Ident::new(known, name.span());
    }
    Ok(name)
}

/// Handles a word before the name of a network, as in `fn Net(..)`: the word is reported and
/// skipped. For other items, such as `const N: usize = 4;`, it skips to their end and returns the
/// error.
fn external_header(input: ParseStream, report: &mut Report) -> Result<()> {
    let Some((word, after)) = input.cursor().ident() else { return Ok(()) };
    let is_in = |words: &[&str]| words.iter().any(|other| word == other);
    let Some((name, after)) = after.ident() else { return Ok(()) };
    let inputs = after.group(proc_macro2::Delimiter::Parenthesis).is_some();
    let generic = after.punct().is_some_and(|(punct, _)| punct.as_char() == '<');
    if (inputs || generic) && !is_in(words::ITEMS) {
        let message = format!(
            "a network begins with its name: `{name}(x: [64]) -> [10] {{ .. }}`, without `{word}`"
        );
        report.error(word.span(), message);
        skip_token(input);
        return Ok(());
    }
    if !is_in(words::HEADERS) && !is_in(words::ITEMS) {
        return Ok(());
    }
    let error = input.error("nothing but networks stands here: `Name(x: [64]) -> [10] { .. }`");
    while !(input.is_empty() || input.peek(Token![;]) || input.peek(token::Brace)) {
        skip_token(input);
    }
    skip_token(input);
    Err(error)
}

/// Parses `metric accuracy`, or `metric error |y, target| ..`.
pub fn metric_clause(input: ParseStream) -> Result<Metric> {
    input.parse::<metric>()?;
    if !input.peek(syn::Ident) {
        return Err(input.error("expected one metric by its name: `metric accuracy`"));
    }
    let name = name(input)?;
    let value = match input.peek(Token![|]) {
        true => closure(input)?,
        false => named(input, name.clone())?,
    };
    Ok(Metric { name, value })
}

/// Parses the options of a loss or metric that stands by its name.
fn named(input: ParseStream, name: Ident) -> Result<Loss> {
    let mut options = Vec::new();
    if input.peek(token::Paren) {
        options = arguments(input)?;
    }
    end_of_loss(input)?;
    Ok(Loss::Named { name, options })
}

/// Parses a loss or metric written out: `|y, target: [10]| expression`, or with statements and a
/// value in braces.
fn closure(input: ParseStream) -> Result<Loss> {
    input.parse::<Token![|]>()?;
    let mut inputs = Vec::new();
    while !input.peek(Token![|]) {
        let name = match input.peek(Token![_]) {
            true => Ident::new("_", input.parse::<Token![_]>()?.span),
            false => name(input)?,
        };
        let mut input_kind = None;
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            input_kind = Some(kind(input)?);
        }
        let element = input_kind.as_ref().map(|(element, _)| *element);
        inputs.push(Input { name, kind: input_kind, element });
        if !input.peek(Token![|]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![|]>()?;
    let (mut statements, mut value) = (Vec::new(), None);
    if input.peek(token::Brace) {
        let body = braced_body(input, Use::Loss)?;
        let refused = body.statements.iter().flat_map(Statement::values);
        if body.result.is_none() && refused.flat_map(Expr::refusals).next().is_none() {
            let what = "expected a value here: a loss ends with one number for each sample";
            return Err(Error::new(body.end.start, what));
        }
        let unknown = Expr { kind: ExprKind::Unknown, place: body.end };
        (statements, value) = (body.statements, Some(body.result.unwrap_or(unknown)));
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
