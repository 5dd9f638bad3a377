//! Names that nothing uses. The compiler of the generated code warns of them, as it does of Rust's
//! own: they are generated once more, with the user's tokens, as variables that are not used.

use super::interface::Interface;
use crate::unused::unused;
use proc_macro2::TokenStream;
use quote::quote;

impl Interface<'_> {
    /// Code in which the compiler finds every name that nothing uses, under the lints that the
    /// network has attributes for.
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
        // in a module of their own no name stands for a constant or a parameter
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
