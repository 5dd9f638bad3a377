//! The `network!` macro of monograd; see the `monograd` crate, which exports it.

/// Compiles the networks declared in it.
#[proc_macro]
pub fn network(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    monograd_compiler::compile_guarded(tokens.into(), monograd_compiler::compile).into()
}
