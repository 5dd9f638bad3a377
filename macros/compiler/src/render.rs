//! Generated code as a person would want to read it: formatted, with the source line as a comment
//! before each operation.

use crate::{COMMENT, compile_with};
use proc_macro2::TokenStream;

/// The formatted code of everything in one `network!` call.
///
/// # Errors
/// When the code does not parse as Rust, which would be a mistake of the compiler.
pub fn render(tokens: TokenStream) -> syn::Result<String> {
    let file: syn::File = syn::parse2(compile_with(tokens, true))?;
    let marker = format!("///{COMMENT}");
    Ok(prettyplease::unparse(&file).replace(&marker, "//"))
}
