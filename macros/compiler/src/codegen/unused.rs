//! Names and values that nothing uses. They are emitted once more, with the user's tokens, as unused
//! variables, so that the compiler warns of them as in ordinary Rust.

use super::interface::Interface;
use crate::unused::{Unused, unused};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

impl Interface<'_> {
    /// Emits code in which the compiler finds every name that nothing uses, under the lint
    /// attributes of the network.
    pub fn unused_names(&self) -> TokenStream {
        let Self { network, scalar, .. } = self;
        // in a pattern, `Some` is Rust's own
        let is_variant = |name: &proc_macro2::Ident| {
            ["Ok", "Err", "Some", "None"].iter().any(|variant| name == variant)
        };
        let Unused { mut names, mut unchanged, mut unread } = unused(network);
        for all in [&mut names, &mut unchanged, &mut unread] {
            all.retain(|name| !is_variant(name));
        }
        if names.is_empty() && unchanged.is_empty() && unread.is_empty() {
            return TokenStream::new();
        }
        // the same names at the macro, where there is nothing to tell
        let again = unread.iter().map(|name| {
            let mut again = (*name).clone();
            again.set_span(Span::call_site());
            again
        });
        // a lint is told only where all of what it is about has the user's tokens
        let stores = unread.iter().map(|name| quote_spanned!(name.span()=> #name = ();));
        let stores = again
            .zip(stores)
            .map(|(again, store)| quote!({ let mut #again = (); let () = #again; #store }));
        let unchanged = unchanged.iter().map(|name| {
            let declared = quote_spanned!(name.span()=> mut #name);
            quote!({ let #declared = (); let () = #name; })
        });
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
                            #(#unchanged)*
                            #(#stores)*
                        }
                    }
                }
            }
        }
    }
}
