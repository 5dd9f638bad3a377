//! Items for what is the user's: constants that are sizes, functions, and names that nothing uses.

use super::interface::Interface;
use crate::ir::function::UserFn;
use crate::program::Constant;
use crate::report::Place;
use crate::unused::{Unused, unused};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

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

impl Interface<'_> {
    /// Emits each user function as passes call it: generic over `Number`.
    pub fn own_functions(&self, functions: &[UserFn]) -> TokenStream {
        if functions.is_empty() {
            return TokenStream::new();
        }
        let scalar = &self.scalar;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let functions = functions.iter().map(|own| self.own_function(own));
        quote! {
            #[allow(dead_code)]
            impl #generics #ty {
                #(#functions)*
            }
        }
    }

    /// Emits a user function. If it is not generic, it does not accept every kind of number: one
    /// error, where it is called, and none in the passes.
    fn own_function(&self, own: &UserFn) -> TokenStream {
        let (Self { private, .. }, UserFn { path, name, arity, .. }) = (self, own);
        let mut names = self.names.clone();
        names.avoid(path.clone());
        let number = names.fresh("N");
        let arguments: Vec<Ident> = (0..*arity).map(|i| names.fresh(&format!("x{i}"))).collect();
        let numbers = arguments.iter().map(|_| &number);
        let any = arguments.iter().map(|_| quote!(_));
        let count = Literal::usize_unsuffixed(*arity);
        let place = Place::token(path.span());
        let ty = place.mark(quote!(fn(#(#any),*) -> _));
        let call = place.mark(quote!(#private::Own::<#number, #count>::call));
        let function = place.mark(quote!(own));
        let doc = format!(" `{}`, for every kind of number.", own.text);
        quote! {
            #[doc = #doc]
            #[inline(always)]
            fn #name<#number>(#(#arguments: #numbers),*) -> #number
            where
                #number: #private::Number,
            {
                let own: #ty = #path;
                #call(#function, [#(#arguments),*])
            }
        }
    }
}

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
        let named = self.allowed_names();
        // in a module of their own, no name stands for a constant or a parameter
        quote! {
            #named
            impl #generics #ty {
                #[allow(dead_code)]
                fn __unused() {
                    #(#attributes)*
                    mod unused {
                        #[allow(dead_code, non_snake_case)]
                        fn names() {
                            // of a type that no constant has, which rustc would suggest
                            struct Unused;
                            #(let #names = Unused;)*
                            #(#unchanged)*
                            #(#stores)*
                        }
                    }
                }
            }
        }
    }
}
