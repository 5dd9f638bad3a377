//! Names in generated code: the user's if there is one, never the same twice.

use crate::ast::{Expr, ExprKind, Network, Statement};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::collections::HashSet;

/// Names that are taken.
#[derive(Clone, Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Marks every name in these tokens as taken.
    pub fn avoid(&mut self, tokens: TokenStream) {
        idents(tokens, &mut self.taken);
    }

    /// Returns a variable name like `wish` that nothing else has. It is in lower case: as a
    /// pattern, a name in upper case would be the user's constant of that name, or `None`.
    pub fn variable(&mut self, wish: &str) -> Ident {
        self.fresh(&wish.to_lowercase())
    }

    /// Returns a name like `wish` that nothing else has.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        let wish: String = wish
            .trim_start_matches("r#")
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        let starts_well = wish.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let wish = if starts_well && wish != "_" { wish } else { format!("v{wish}") };
        let free =
            |name: &String| !self.taken.contains(name) && syn::parse_str::<Ident>(name).is_ok();
        let numbered = (1..).map(|i| format!("{wish}_{i}"));
        let name = std::iter::once(wish.clone()).chain(numbered).find(free).unwrap_or(wish);
        self.taken.insert(name.clone());
        Ident::new(&name, Span::call_site())
    }
}

/// Collects every identifier in the tokens.
pub fn idents(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => idents(group.stream(), found),
            _ => {}
        }
    }
}

/// Collects every identifier in the tokens that may be a variable: no field, no method, no part of
/// a path and no name of a field that is filled in.
pub fn variables(tokens: TokenStream, found: &mut HashSet<String>) {
    let is = |tree: Option<&TokenTree>, mark: char| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).and_then(|index| trees.get(index));
        match tree {
            TokenTree::Ident(ident) => {
                // except after the dots of a range
                let is_field = is(before(1), '.') && !is(before(2), '.');
                let is_path = is(before(1), ':') && is(before(2), ':');
                if !is_field && !is_path && !is(trees.get(index + 1), ':') {
                    found.insert(ident.to_string());
                }
            }
            TokenTree::Group(group) => variables(group.stream(), found),
            _ => {}
        }
    }
}

/// Returns every name that these networks mention, each of which may contain others.
#[must_use]
pub fn mentioned(networks: &[Network]) -> TokenStream {
    networks.iter().map(network_names).collect()
}

/// Returns an expression as text; for a loop, the expressions in it.
fn words(expr: &Expr) -> Vec<String> {
    match &expr.kind {
        ExprKind::For(repeated) => repeated.values().into_iter().flat_map(words).collect(),
        _ => vec![expr.to_string()],
    }
}

fn network_names(network: &Network) -> TokenStream {
    let mut text = vec![network.name.to_string()];
    let values = network.body.statements.iter().flat_map(Statement::values);
    text.extend(values.chain(&network.body.result).flat_map(words));
    for shape in network.outputs.iter().chain(
        network.inputs.iter().filter_map(|input| input.kind.as_ref().map(|(_, shape)| shape)),
    ) {
        text.extend(shape.sizes.iter().map(ToString::to_string));
    }
    let text = text.iter().map(|text| text.parse::<TokenStream>().unwrap_or_default());
    let mut names = HashSet::new();
    idents(text.collect(), &mut names);
    // run-time sizes have names of their own in generated code
    for (_, shape) in network.inputs.iter().filter_map(|input| input.kind.as_ref()) {
        for size in &shape.sizes {
            if let ExprKind::Dynamic { name, .. } = &size.kind {
                names.remove(&name.to_string());
            }
        }
    }
    names.extend(network.generics.iter().map(|generic| generic.name().to_string()));
    names.iter().map(|name| name.parse::<TokenStream>().unwrap_or_default()).collect()
}

/// Returns the name of the slice of an output.
pub fn output_name(index: usize) -> Ident {
    Ident::new(&format!("out{index}"), Span::call_site())
}

/// Returns the name of a slot of the arena.
pub fn slot_name(index: usize) -> Ident {
    Ident::new(&format!("slot{index}"), Span::call_site())
}
