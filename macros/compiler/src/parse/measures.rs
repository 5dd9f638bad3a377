//! The clauses after a network's braces, loss and then metrics, and errors for those in the wrong
//! place.

use super::network::{loss, loss_clause, metric, metric_clause, refused, skip_body};
use super::skip_token;
use crate::ast::Network;
use crate::habits::words;
use crate::nearest::nearest;
use crate::report::Report;
use proc_macro2::{Delimiter, Span};
use syn::parse::ParseStream;
use syn::{Attribute, Result, Token, token};

/// Parses the loss and the metrics after a network's braces into `network`.
pub fn measures(input: ParseStream, network: &mut Network, report: &mut Report) {
    loop {
        let after_semicolon = input.peek(Token![;]) && (input.peek2(loss) || input.peek2(metric));
        if after_semicolon {
            let what = "no `;` between a network's braces and what it is trained with";
            report.error(input.span(), what);
            network.complete = false;
            skip_token(input);
        }
        if let Some(span) = comments(input) {
            let what = "attributes and doc comments belong to a network: a comment on its loss or a metric is written `// ..`";
            report.error(span, what);
            network.complete = false;
        }
        let read = if is_loss(input) {
            one_loss(input, network, report)
        } else if is_metric(input) {
            metric_clause(input).map(|clause| {
                network.complete &= !refused(&clause.value, report);
                network.metrics.push(clause);
            })
        } else if let Some(what) = stray(input) {
            report.error(input.span(), what);
            network.complete = false;
            skip_token(input);
            skip_to_next(input);
            continue;
        } else {
            return;
        };
        if let Err(error) = read {
            report.syntax(&error);
            network.complete = false;
            skip_to_next(input);
        } else if let Some(what) = goes_on(input) {
            report.error(input.span(), what);
            network.complete = false;
            skip_token(input);
            skip_to_next(input);
        }
    }
}

/// Skips doc comments before a loss or a metric. Returns the span of the first.
fn comments(input: ParseStream) -> Option<Span> {
    let ahead = input.fork();
    let comments = ahead.call(Attribute::parse_outer).ok()?;
    let first = comments.first()?.pound_token.span;
    if !(is_loss(&ahead) || is_metric(&ahead)) {
        return None;
    }
    (0..2 * comments.len()).for_each(|_| skip_token(input));
    Some(first)
}

/// Returns what to write in place of a word that begins neither a clause nor a network, such as
/// `metrics` or `optimizer`.
fn stray(input: ParseStream) -> Option<String> {
    let (word, after) = input.cursor().ident()?;
    let word = word.to_string();
    let network = is_header(input) || input.peek2(Token![<]);
    let known = words::HEADERS.contains(&&*word) || words::ITEMS.contains(&&*word);
    let is_name = word.starts_with(char::is_uppercase) || word == "pub" || word == "crate";
    if network || known || is_name {
        return None;
    }
    // a word before the name of a network is reported with its header
    let after = after.ident().map_or(after, |(_, after)| after);
    let next_header = after.group(Delimiter::Parenthesis).is_some_and(|(_, _, after)| {
        after.punct().is_some_and(|(punct, _)| punct.as_char() == '-')
    });
    if next_header || after.punct().is_some_and(|(punct, _)| punct.as_char() == '<') {
        return None;
    }
    Some(match nearest(&word, ["metric", "loss", "optimizer", "optimiser", "optim"]) {
        Some("metric") => {
            "each metric has a clause of its own: `metric accuracy metric l1`".to_owned()
        }
        Some("loss") => format!("a loss is written `loss mse`, not `{word}`"),
        Some(_) => {
            "an optimiser is given to each step: `net.train_step(&x, &y, &mut Adam::new(1e-3))?`"
                .to_owned()
        }
        None => format!(
            "nothing is called `{word}` here: after its braces a network has `loss mse`, then `metric accuracy`"
        ),
    })
}

/// Returns what to write in place of several losses or metrics in one clause.
fn goes_on(input: ParseStream) -> Option<String> {
    let goes_on = input.peek(Token![,])
        || input.peek(Token![+])
        || input.peek(Token![-])
        || input.peek(Token![*])
        || input.peek(Token![/]);
    goes_on.then(|| {
        "a clause is one loss or one metric: several losses are written out, `loss |y, target: [10]| mse(y, target) + 0.1 * l1(y, target)`, and each metric has its own, `metric accuracy metric l1`".to_owned()
    })
}

/// Skips to the next clause or network.
fn skip_to_next(input: ParseStream) {
    while !(input.is_empty() || is_loss(input) || is_metric(input) || is_item(input)) {
        skip_token(input);
    }
}

/// Returns true if a network begins here.
fn is_item(input: ParseStream) -> bool {
    let is_named = input.peek(syn::Ident) && (is_header(input) || input.peek2(Token![<]));
    is_named || input.peek(Token![pub]) || input.peek(Token![#])
}

fn one_loss(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    let (span, before) = (input.span(), report.problems().len());
    let clause = loss_clause(input, report)?;
    refused(&clause, report);
    network.complete &= report.problems().len() == before;
    let fault = if network.loss.is_some() {
        "this network has a loss already: write both in one, as in `loss |y, t: [4]| mse(y, t) + 0.1 * l1(y, t)`"
    } else if !network.metrics.is_empty() {
        "the loss stands before the metrics"
    } else {
        network.loss = Some(clause);
        return Ok(());
    };
    report.error(span, fault);
    network.loss.get_or_insert(clause);
    network.complete = false;
    Ok(())
}

/// Reports and skips losses and metrics that stand before the network that begins here.
pub fn misplaced(input: ParseStream, report: &mut Report) {
    while is_loss(input) || is_metric(input) {
        let word = if input.peek(loss) { "loss" } else { "metric" };
        let what = format!(
            "a {word} stands after the braces of its network: `Name(x: [64]) -> [10] {{ .. }} {word} ..`"
        );
        report.error(input.span(), what);
        skip_clause(input);
    }
}

/// Skips the losses and metrics of a network whose header could not be parsed.
pub fn skip(input: ParseStream) {
    while is_loss(input) || is_metric(input) {
        skip_clause(input);
    }
}

fn skip_clause(input: ParseStream) {
    let read = match input.peek(loss) {
        true => loss_clause(input, &mut Report::default()).map(drop),
        false => metric_clause(input).map(drop),
    };
    if read.is_err() {
        skip_body(input);
    }
}

/// Returns true if a loss follows, and not a network named `loss`.
fn is_loss(input: ParseStream) -> bool {
    input.peek(loss) && !is_header(input)
}

fn is_metric(input: ParseStream) -> bool {
    input.peek(metric) && !is_header(input) && !input.peek2(Token![<])
}

/// Returns true if the name that follows is a network's: `(..) ->` comes after it.
fn is_header(input: ParseStream) -> bool {
    input.peek2(token::Paren) && input.peek3(Token![->])
}
