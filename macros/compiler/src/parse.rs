//! Parses tokens into the syntax tree, with error recovery: after an error it resumes at the next
//! statement, clause or network.

mod assign;
mod binding;
mod body;
mod expression;
mod external;
mod generics;
mod measures;
mod name;
mod network;
mod pattern;
mod repeated;
mod signature;
pub mod size;

pub use body::described_body;
pub use expression::size_expression as default_value;
pub use generics::generic_arguments;
pub use signature::{kind, outputs};

use crate::ast::{File, Network, path_text};
use crate::namesakes::message;
use crate::report::{Place, Report};
use proc_macro2::TokenStream;
use syn::Token;
use syn::parse::{ParseStream, Parser};

/// Parses everything in one macro call. Errors are added to `report`, and the result holds the
/// rest.
pub fn parse(tokens: TokenStream, report: &mut Report) -> File {
    let mut file = File::default();
    let outcome = (|input: ParseStream| {
        match runtime_path(input, report) {
            Ok(path) => file.runtime = path,
            Err(error) => {
                report.syntax(&error);
                skip_statement(input);
            }
        }
        while !input.is_empty() {
            let before = input.cursor();
            let network = network::network(input, report);
            file.lost |= network.is_none();
            file.networks.extend(network);
            if input.cursor() == before {
                skip_token(input);
            }
        }
        Ok(())
    })
    .parse2(tokens);
    drop_duplicates(&mut file.networks, report);
    if let Err(error) = outcome
        && report.is_empty()
    {
        file.lost = true;
        report.syntax(&error);
    }
    file
}

/// Reports and removes a network whose name is taken by an earlier one. The earlier one is marked
/// incomplete, so that only a stub is generated for it, which accepts the uses meant for either.
fn drop_duplicates(networks: &mut Vec<Network>, report: &mut Report) {
    let mut index = 0;
    while index < networks.len() {
        let (before, rest) = networks.split_at_mut(index);
        let name = &rest[0].name;
        let Some(first) = before.iter_mut().find(|other| other.name == *name) else {
            index += 1;
            continue;
        };
        let line = Place::token(first.name.span()).line();
        report.error(name.span(), message(name, line));
        first.complete = false;
        networks.remove(index);
    }
}

/// Parses `crate = path;` if it follows.
fn runtime_path(input: ParseStream, report: &mut Report) -> syn::Result<Option<syn::Path>> {
    if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
        return Ok(None);
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = syn::Path::parse_mod_style(input)?;
    match input.peek(Token![;]) {
        true => skip_token(input),
        false => {
            report.error(&path, format!("expected `;` after this: `crate = {};`", path_text(&path)))
        }
    }
    Ok(Some(path))
}

/// Skips one token or delimited group.
fn skip_token(input: ParseStream) {
    let _ = input.step(|cursor| match cursor.token_tree() {
        Some((_, rest)) => Ok(((), rest)),
        None => Ok(((), *cursor)),
    });
}

/// Skips past the next semicolon, to the next statement.
fn skip_statement(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![;]) {
        skip_token(input);
    }
    skip_token(input);
}

#[cfg(test)]
mod tests;
