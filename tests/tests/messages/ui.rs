//! Checks the messages for invalid programs, those of `ui` and those that the book quotes.
//!
//! `TRYBUILD=overwrite cargo test -p monograd-tests --test messages` updates the messages.

use monograd_compiler::ast::Network;
use monograd_compiler::parse::parse;
use monograd_compiler::report::Report;
use proc_macro2::{TokenStream, TokenTree};
use std::path::Path;

/// Folders with programs that must fail, beside which their messages lie: the errors that `cargo check` finds.
const CHECKED: [&str; 2] = ["ui", "../book/code/errors"];

/// The same for errors that are found only when generic code is instantiated.
const BUILT: [&str; 2] = ["ui/built", "../book/code/errors/built"];

/// Adds the programs of folders, each of which has some.
fn fail(cases: &trybuild::TestCases, folders: &[&str]) {
    for folder in folders {
        let mut entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        assert!(
            entries.any(|path| path.extension().is_some_and(|end| end == "rs")),
            "{folder} is empty"
        );
        cases.compile_fail(format!("{folder}/*.rs"));
    }
}

/// One command checks all programs, side by side.
#[test]
fn messages() {
    fail(&trybuild::TestCases::new(), &CHECKED);
}

/// A program that is run makes `trybuild` build: every dependency, and each program by a command of its own.
#[test]
fn messages_when_built() {
    let cases = trybuild::TestCases::new();
    cases.pass("../book/code/errors/right/*.rs");
    fail(&cases, &BUILT);
}

/// Every mistake gives exactly one error: uses of the network give none.
#[test]
fn errors_are_as_many_as_mistakes() {
    let mut faults = Vec::new();
    let entries = ["ui", "ui/built"].map(|folder| std::fs::read_dir(folder).unwrap());
    for case in entries.into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if case.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let (source, told) = (read(&case), read(&case.with_extension("stderr")));
        let mistakes = source.lines().find_map(|line| line.strip_prefix("// mistakes: "));
        let mistakes = mistakes.map_or(1, |count| count.parse().unwrap());
        let errors = told.lines().filter(|line| line.starts_with("error")).count();
        let name = case.file_name().unwrap().display();
        if errors != mistakes {
            faults.push(format!("{name}: {mistakes} mistakes, but {errors} errors"));
        }
        if source.contains("// used nowhere: ") {
            continue;
        }
        faults.extend(
            unused(&source).into_iter().map(|what| format!("{name}: nothing calls `{what}`")),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Returns the methods that a case should call on its networks, but does not.
fn unused(source: &str) -> Vec<&'static str> {
    let tokens: TokenStream = source.parse().unwrap();
    let (mut networks, mut users) = (Vec::new(), Vec::new());
    split(tokens, &mut networks, &mut users);
    let mut wanted = vec!["init", "summary"];
    if networks.iter().any(|network| network.loss.is_some()) {
        wanted.push("train_step");
    }
    wanted.retain(|word| !users.iter().any(|used| used == word));
    wanted
}

/// Splits tokens into the networks of macro calls and the identifiers of everything else.
fn split(tokens: TokenStream, networks: &mut Vec<Network>, users: &mut Vec<String>) {
    let mut is_network = false;
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if is_network => {
                let file = parse(group.stream(), &mut Report::default());
                networks.extend(file.networks);
                is_network = false;
            }
            TokenTree::Group(group) => split(group.stream(), networks, users),
            TokenTree::Punct(punct) => is_network &= punct.as_char() == '!',
            TokenTree::Ident(ident) => {
                is_network = ident == "network";
                users.push(ident.to_string());
            }
            TokenTree::Literal(_) => is_network = false,
        }
    }
}
