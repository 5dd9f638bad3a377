//! Removes the parentheses of expressions that are a whole argument or the whole value of a field.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Returns the code without them: `f(n, (2 * H))` becomes `f(n, 2 * H)`, `S { n: (2 * H) }` becomes
/// `S { n: 2 * H }`.
pub fn without(tokens: TokenStream) -> TokenStream {
    inside(tokens, Delimiter::None)
}

/// Processes the content of a group, which may be a list of arguments or of fields.
fn inside(tokens: TokenStream, delimiter: Delimiter) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let ends = |index: usize| trees.get(index + 1).is_none_or(is_comma);
    // a single expression in parentheses may be grouped by them; not in brackets: clippy suspects a
    // missing comma in a product within an array
    let is_list = delimiter == Delimiter::Parenthesis && trees.iter().any(is_comma);
    let is_argument =
        |index: usize| index.checked_sub(1).is_none_or(|before| is_comma(&trees[before]));
    let is_field = |index: usize| {
        let before = index.checked_sub(2).map(|first| &trees[first..index]);
        matches!(before, Some([TokenTree::Ident(_), TokenTree::Punct(mark)]) if mark.as_char() == ':')
    };
    let alone = |index: usize| match delimiter {
        Delimiter::Parenthesis => is_list && is_argument(index) && ends(index),
        Delimiter::Brace => is_field(index) && ends(index),
        _ => false,
    };
    let mut kept = TokenStream::new();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            kept.extend([tree.clone()]);
            continue;
        };
        let content = inside(group.stream(), group.delimiter());
        let is_value = group.delimiter() == Delimiter::Parenthesis
            && !content.is_empty()
            && !content.clone().into_iter().any(|tree| is_comma(&tree));
        if is_value && alone(index) {
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
