//! Rust's forms that networks have not, each with what to write instead.

use syn::parse::ParseStream;
use syn::{Error, Token, token};

/// What is wrong with what stands where a value should.
pub(super) fn unexpected(input: ParseStream) -> Error {
    for (keyword, hint) in [
        ("if", "networks have no branches: every sample takes the same way"),
        ("match", "networks have no branches: every sample takes the same way"),
        ("while", "networks have no unbounded loops: write `for _ in 0..N`"),
        ("loop", "networks have no unbounded loops: write `for _ in 0..N`"),
        ("break", "every turn of a loop is run to its end"),
        ("continue", "every turn of a loop is run to its end"),
        ("return", "the last value is what the network gives: write it without `return`"),
        ("move", "there are no closures: write a network of its own, and apply it by its name"),
        ("mut", "`mut` stands in a `let`: `let mut h = x;`"),
        ("let", "a `let` begins a statement of its own: is a `;` missing before it?"),
    ] {
        let found = input.cursor().ident().is_some_and(|(ident, _)| ident == keyword);
        if found {
            return input.error(hint);
        }
    }
    if input.peek(Token![|]) {
        let hint = "there are no closures: write a network of its own, and apply it by its name";
        return input.error(hint);
    }
    if input.peek(token::Brace) {
        return input
            .error("braces stand around the turns of a loop: write the value without them");
    }
    if input.peek(Token![&]) {
        return input.error("values are not borrowed: write it without `&`");
    }
    if input.is_empty() {
        return input.error("expected a value or a layer here");
    }
    input.error("expected a value or a layer")
}
