//! Whatever the source, the compiler does not panic, and what it gives is Rust.
#![no_main]

use proc_macro2::TokenStream;

libfuzzer_sys::fuzz_target!(|source: &str| {
    if let Ok(tokens) = source.parse::<TokenStream>() {
        let code = monograd_compiler::compile(tokens);
        if let Err(error) = syn::parse2::<syn::File>(code) {
            panic!("not Rust ({error}) from:\n{source}");
        }
    }
});
