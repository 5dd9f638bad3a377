//! User functions.

use super::interface::Interface;
use crate::ir::function::UserFn;
use crate::report::Place;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use syn::spanned::Spanned as _;

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
