//! The compiler finds the tokens of a file as another lexer does, and the networks of one name in one scope.

use monograd_compiler::scopes::tokens::{Token, tokens};
use monograd_tests::sources::files;
use proc_macro2::{Delimiter, LineColumn, TokenStream, TokenTree};
use std::path::Path;

/// A word or a bracket, with its place.
type Found = ((usize, usize), String);

fn place(at: LineColumn) -> (usize, usize) {
    (at.line, at.column)
}

/// Returns the names and brackets of a file by `proc_macro2`, in source order.
fn expected(text: &str) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let is_comment = |at: LineColumn| lines[at.line - 1].chars().nth(at.column) == Some('/');
    let mut found = Vec::new();
    add(text.parse().expect("Rust"), &is_comment, &mut found);
    found
}

fn add(tokens: TokenStream, is_comment: &dyn Fn(LineColumn) -> bool, found: &mut Vec<Found>) {
    let mut of_comment = false;
    for tree in tokens {
        match tree {
            // a documenting comment stands for `#[doc = ".."]`
            TokenTree::Punct(mark) => {
                let is_hash = mark.as_char() == '#' && is_comment(mark.span().start());
                of_comment = is_hash || (of_comment && mark.as_char() == '!');
            }
            TokenTree::Group(_) if of_comment => of_comment = false,
            TokenTree::Group(group) => {
                let [open, close] = match group.delimiter() {
                    Delimiter::Parenthesis => ["(", ")"],
                    Delimiter::Brace => ["{", "}"],
                    Delimiter::Bracket => ["[", "]"],
                    Delimiter::None => unreachable!("no brackets in source text"),
                };
                found.push((place(group.span_open().start()), open.to_owned()));
                add(group.stream(), is_comment, found);
                found.push((place(group.span_close().start()), close.to_owned()));
            }
            TokenTree::Ident(name) => found.push((place(name.span().start()), name.to_string())),
            TokenTree::Literal(_) => {}
        }
    }
}

/// Returns the same by the compiler: without numbers, and without what begins a string such as `b"text"`.
fn found(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (index, &(at, token)) in tokens.iter().enumerate() {
        let token = match token {
            Token::Word(word) => {
                let end = LineColumn { column: at.column + word.chars().count(), ..at };
                let is_prefix = tokens.get(index + 1) == Some(&(end, Token::Quoted));
                if is_prefix || word.starts_with(|first: char| first.is_ascii_digit()) {
                    continue;
                }
                word.to_owned()
            }
            Token::Open(bracket) | Token::Close(bracket) => bracket.to_string(),
            Token::Quoted | Token::Mark(_) => continue,
        };
        found.push((place(at), token));
    }
    found
}

#[test]
fn tokens_are_those_of_another_lexer() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let folders = ["macros", "runtime", "examples", "tests", "book/code"];
    let files: Vec<_> = folders.iter().flat_map(|it| files(&workspace.join(it), "rs")).collect();
    assert!(files.len() > 900, "{} files", files.len());
    let mut words = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let (expected, found) = (expected(&text), found(&text));
        words += expected.len();
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(found, expected, "{}", file.display());
        }
        assert_eq!(found.len(), expected.len(), "{}", file.display());
    }
    assert!(words > 300_000, "{words} words");
}
