//! Generated code for people to read: formatted, with the source line as a comment before each
//! operation.

use crate::{COMMENT, compile_with};
use proc_macro2::{TokenStream, TokenTree};

/// Returns the formatted code of everything in one `network!` call.
///
/// # Errors
/// If the code does not parse as Rust, which would be a mistake of the compiler.
pub fn render(tokens: TokenStream) -> syn::Result<String> {
    let file: syn::File = syn::parse2(compile_with(tokens, true))?;
    let marker = format!("///{COMMENT}");
    Ok(prettyplease::unparse(&file).replace(&marker, "//"))
}

/// Returns the contents of every `network! { .. }` in a file's tokens, at any depth.
#[must_use]
pub fn calls(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut calls = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        match &tokens[..index] {
            [.., TokenTree::Ident(name), TokenTree::Punct(mark)]
                if name == "network" && mark.as_char() == '!' =>
            {
                calls.push(group.stream());
            }
            _ => calls.extend(self::calls(group.stream())),
        }
    }
    calls
}
