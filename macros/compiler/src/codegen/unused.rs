//! Names that nothing uses. They are emitted once more, with the user's tokens, as unused
//! variables, so that the compiler warns of them as in ordinary Rust.

use super::interface::Interface;
use crate::unused::unused;
use proc_macro2::TokenStream;
use quote::quote;

impl Interface<'_> {
    /// Emits code in which the compiler finds every name that nothing uses, under the lint
    /// attributes of the network.
    pub fn unused_names(&self) -> TokenStream {
        let Self { network, scalar, .. } = self;
        // in a pattern, `Some` is Rust's own
        let is_variant = |name: &proc_macro2::Ident| {
            ["Ok", "Err", "Some", "None"].iter().any(|variant| name == variant)
        };
        let names: Vec<_> = unused(network).into_iter().filter(|name| !is_variant(name)).collect();
        if names.is_empty() {
            return TokenStream::new();
        }
        let lints = ["allow", "warn", "deny", "forbid"];
        let attributes = network
            .attributes
            .iter()
            .filter(|attribute| lints.iter().any(|lint| attribute.path().is_ident(lint)));
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        // in a module of their own, no name stands for a constant or a parameter
        quote! {
            impl #generics #ty {
                #[allow(dead_code)]
                fn __unused() {
                    #(#attributes)*
                    mod unused {
                        #[allow(dead_code, non_snake_case)]
                        fn names() {
                            #(let #names = ();)*
                        }
                    }
                }
            }
        }
    }
}
