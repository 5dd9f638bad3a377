//! Functions of the user's own.

use super::interface::Interface;
use crate::ir::function::Own;
use crate::report::Place;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned as _;

impl Interface<'_> {
    /// Each as passes call it: generic over `Number`.
    pub fn own_functions(&self, functions: &[Own]) -> TokenStream {
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

    /// One that is not generic cannot become a value of the type that is wanted here: one error,
    /// where it is called, and none in the passes.
    fn own_function(&self, own: &Own) -> TokenStream {
        let (Self { private, .. }, Own { path, name, arity, .. }) = (self, own);
        let mut names = self.names.clone();
        names.avoid(path.clone());
        let mut number = names.fresh("N");
        number.set_span(Span::call_site().located_at(path.span()));
        let arguments: Vec<Ident> = (0..*arity).map(|i| names.fresh(&format!("x{i}"))).collect();
        let numbers = arguments.iter().map(|_| &number);
        let ty = Place::token(path.span()).mark(quote!(fn(#(#numbers),*) -> #number));
        let doc = format!(" `{}`, for every kind of number.", own.text);
        quote! {
            #[doc = #doc]
            #[inline(always)]
            fn #name<#number: #private::Number>(#(#arguments: #number),*) -> #number {
                let own: #ty = #path;
                own(#(#arguments),*)
            }
        }
    }
}
