//! What others write, and what stands for it here: the habits of `PyTorch`, Keras, JAX, other Rust
//! crates and plain Rust, in tables that messages look up.
//!
//! [`names`] has layers, functions and losses, [`methods`] what follows a dot, [`operators`] what
//! stands between values, [`words`] what begins a value or a statement.

pub mod methods;
pub mod names;
pub mod operators;
pub mod words;

/// A name as it is compared: without case and underscores, as spellings differ in these alone.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| *letter != '_');
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
