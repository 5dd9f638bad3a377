//! The clauses after a network's braces, loss and then metrics, and errors for those in the wrong
//! place.

use super::network::{loss, loss_clause, metric, metric_clause, refused, skip_body};
use super::skip_token;
use crate::ast::Network;
use crate::report::Report;
use syn::parse::ParseStream;
use syn::{Result, Token, token};

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
        let read = if is_loss(input) {
            one_loss(input, network, report)
        } else if is_metric(input) {
            metric_clause(input).map(|clause| {
                network.complete &= !refused(&clause.value, report);
                network.metrics.push(clause);
            })
        } else {
            return;
        };
        if let Err(error) = read {
            report.syntax(&error);
            network.complete = false;
            skip_body(input);
        }
    }
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
    input.peek(metric) && input.peek2(syn::Ident)
}

/// Returns true if the name that follows is a network's: `(..) ->` comes after it.
fn is_header(input: ParseStream) -> bool {
    input.peek2(token::Paren) && input.peek3(Token![->])
}
