//! Habits of other languages and libraries: what users of `PyTorch`, Keras, JAX, other Rust crates
//! and plain Rust may write by mistake, with what to write instead, in tables for messages.
//!
//! [`names`] has layers, functions and losses, [`methods`] methods and fields after a dot,
//! [`operators`] binary operators, [`words`] words that begin a value or a statement.

pub mod methods;
pub mod names;
pub mod operators;
pub mod words;

/// Returns the name in lower case and without underscores, in which form spellings are compared.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| *letter != '_');
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
