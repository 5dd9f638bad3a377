//! User constants that are sizes: each is read once, on the user's token, so that one that does not
//! exist or is no `usize` is one error.

use crate::program::Constant;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// Returns a definition for each name that such a constant has in generated code.
#[must_use]
pub fn constants(mut all: Vec<Constant>) -> TokenStream {
    // the first place is that of the error
    let position = |constant: &Constant| {
        let start = constant.place.start.start();
        (start.line, start.column)
    };
    all.sort_by_key(|constant| (constant.name.clone(), position(constant)));
    all.dedup_by(|later, first| later.name == first.name);
    all.sort_by_key(position);
    all.iter().map(definition).collect()
}

fn definition(constant: &Constant) -> TokenStream {
    let Constant { name, path, .. } = constant;
    let name = Ident::new(name, Span::call_site());
    quote! {
        #[allow(dead_code)]
        const #name: usize = #path;
    }
}

/// Returns code in which the compiler finds the activations of networks in error, so that one that
/// does not exist is reported beside the other errors.
#[must_use]
pub fn activations(all: &[TokenStream]) -> TokenStream {
    quote!(#(const _: ::core::marker::PhantomData<#all> = ::core::marker::PhantomData;)*)
}
