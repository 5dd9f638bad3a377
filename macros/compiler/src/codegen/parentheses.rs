//! Removes the parentheses of expressions that are a whole argument.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Returns the code without them: `f(n, (2 * H))` becomes `f(n, 2 * H)`.
pub fn without(tokens: TokenStream) -> TokenStream {
    inside(tokens, false)
}

/// Processes the content of a group, which may be a list of arguments.
fn inside(tokens: TokenStream, is_list: bool) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let alone = |index: usize| {
        let before = index.checked_sub(1).is_none_or(|before| is_comma(&trees[before]));
        before && trees.get(index + 1).is_none_or(is_comma)
    };
    // a single expression in parentheses may be grouped by them
    let is_list = is_list && trees.iter().any(is_comma);
    let mut kept = TokenStream::new();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            kept.extend([tree.clone()]);
            continue;
        };
        // not in brackets: clippy suspects a missing comma in a product within an array
        let content = inside(group.stream(), group.delimiter() == Delimiter::Parenthesis);
        let is_value = group.delimiter() == Delimiter::Parenthesis
            && !content.is_empty()
            && !content.clone().into_iter().any(|tree| is_comma(&tree));
        if is_list && is_value && alone(index) {
            kept.extend(content);
            continue;
        }
        let mut tidy = Group::new(group.delimiter(), content);
        tidy.set_span(group.span());
        kept.extend([TokenTree::Group(tidy)]);
    }
    kept
}

fn is_comma(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',')
}
