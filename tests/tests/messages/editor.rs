//! Checks what an editor sees during typing: two networks, truncated after every token.

use monograd_tests::sources::networks;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// The way in which an editor completes an unclosed group.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// The group is closed.
    Closed,
    /// The contents of the group are spliced into the surrounding tokens.
    Spliced,
}

/// Returns the first `left` tokens, counting the opening delimiter of a group as one.
fn beginning(tokens: &TokenStream, left: &mut usize, open: Open) -> TokenStream {
    let mut kept = TokenStream::new();
    for tree in tokens.clone() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let TokenTree::Group(group) = tree else {
            kept.extend([tree]);
            continue;
        };
        let inside = beginning(&group.stream(), left, open);
        // the closing delimiter is a token too
        let closed = *left > 0;
        *left = left.saturating_sub(1);
        match (closed, open) {
            (false, Open::Spliced) => kept.extend(inside),
            _ => kept.extend([TokenTree::Group(Group::new(group.delimiter(), inside))]),
        }
    }
    kept
}

/// Returns the number of tokens up to the end of each network's body.
fn ends(tokens: &TokenStream) -> Vec<usize> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_body = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let bodies = (0..trees.len()).filter(|index| is_body(&trees[*index]));
    bodies.map(|index| count(&trees[..=index].iter().cloned().collect())).collect()
}

fn count(tokens: &TokenStream) -> usize {
    let len = |tree| match tree {
        TokenTree::Group(group) => 2 + count(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(len).sum()
}

/// Returns the messages of the errors in generated code, each once.
fn errors(code: &str) -> BTreeSet<&str> {
    code.split("compile_error ! {").skip(1).map(|rest| rest.split(" }").next().unwrap()).collect()
}

#[test]
fn half_a_network_has_a_type_and_few_errors() {
    for (name, tokens) in networks() {
        if !["digits", "stack"].contains(&&*name) {
            continue;
        }
        let types = if name == "digits" { ["Digits"].as_slice() } else { &["Gate", "Stack"] };
        let ends = ends(&tokens);
        let end = *ends.last().expect("a network");
        for open in [Open::Closed, Open::Spliced] {
            for len in 0..end {
                let text = beginning(&tokens, &mut len.clone(), open);
                let code = monograd_compiler::compile(text.clone());
                syn::parse2::<syn::File>(code.clone()).expect("Rust");
                let code = code.to_string();
                let errors = errors(&code);
                assert!(errors.len() <= 3, "{open:?}: {errors:#?}\n{text}");
                let last = *types.iter().rfind(|name| mentions(&text, name)).unwrap_or(&"");
                // the text is complete before the next network begins
                let between = len >= ends[0] && !mentions(&text, types[types.len() - 1]);
                let sound = len == 0 || between || may_end(&text);
                assert!(sound || !errors.is_empty(), "{open:?}: no error\n{text}");
                if !(last.is_empty() || errors.is_empty() || between) {
                    for part in ["pub fn init", "Network for", "Trainable for"] {
                        let found = code.matches(&format!("struct {last} ")).count() == 1
                            && code
                                .split(&format!("struct {last} "))
                                .nth(1)
                                .is_some_and(|rest| rest.contains(part));
                        assert!(found, "{open:?}: no {part}\n{text}");
                    }
                }
            }
        }
    }
}

/// Returns true if a network may end with these tokens: not after an operator or a keyword.
fn may_end(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().last() {
        Some(TokenTree::Group(group)) if group.stream().is_empty() => false,
        Some(TokenTree::Group(group)) => may_end(&group.stream()),
        Some(TokenTree::Punct(mark)) => mark.as_char() == ',',
        Some(TokenTree::Ident(name)) => {
            !["let", "mut", "for", "in"].iter().any(|word| name == word)
        }
        Some(TokenTree::Literal(_)) => true,
        None => false,
    }
}

fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|tree| matches!(tree, TokenTree::Ident(ident) if ident == name))
}
