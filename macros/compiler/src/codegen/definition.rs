//! The type of a network, `Clone` and `Debug`.

use super::interface::{Interface, type_name};
use super::names::idents;
use crate::ast::{ExprKind, Generic};
use crate::report::Place;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashSet;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;

impl Interface<'_> {
    /// The struct.
    pub fn definition(&self) -> TokenStream {
        let Self { network, runtime, private, scalar, .. } = self;
        let (attributes, visibility, name) =
            (&network.attributes, &network.visibility, &network.name);
        let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
        let doc = (!documented).then(|| quote!(#[doc = "A network compiled by `network!`."]));
        let generics = network.generics.iter().map(|generic| match generic {
            Generic::Activation { name, default } => {
                let name = type_name(name);
                // a default that is no activation is underlined where its bound is
                let bound = default.as_ref().map_or(name.span(), Spanned::span);
                let bound = Place::token(bound).mark(quote!(#runtime::Activation));
                let default = default.as_ref().map(|default| quote!(= #default));
                quote!(#name: #bound #default)
            }
            Generic::Size { name, default } => {
                let default = default.as_ref().map(|default| {
                    let tokens: TokenStream = default.to_string().parse().unwrap_or_default();
                    match default.kind {
                        ExprKind::Number(_) => quote!(= #tokens),
                        _ => quote!(= { #tokens }),
                    }
                });
                quote!(const #name: usize #default)
            }
        });
        let marker = self.marker();
        // it does its work within others
        let unused = self.contained.then(|| quote!(#[allow(dead_code)]));
        quote! {
            #doc
            #unused
            #(#attributes)*
            #visibility struct #name<#(#generics,)* #scalar: #runtime::Scalar = f32> {
                state: #private::State<#scalar>,
                activations: #marker,
            }
        }
    }

    /// The activations that the type is over.
    fn marker(&self) -> TokenStream {
        let activations = self.network.generics.iter().filter_map(|generic| match generic {
            Generic::Activation { name, .. } => Some(type_name(name)),
            Generic::Size { .. } => None,
        });
        quote!(::core::marker::PhantomData<fn() -> (#(#activations,)*)>)
    }

    /// `Clone` and `Debug`, unless the user derives them.
    pub fn derived(&self) -> TokenStream {
        let Self { network, private, scalar, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let attributes = &network.attributes;
        let mut derives = HashSet::new();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
            idents(quote!(#attribute), &mut derives);
        }
        let clone = (!derives.contains("Clone")).then(|| {
            quote! {
                #[automatically_derived]
                impl #generics ::core::clone::Clone for #ty {
                    fn clone(&self) -> Self {
                        Self {
                            state: ::core::clone::Clone::clone(&self.state),
                            activations: ::core::marker::PhantomData,
                        }
                    }
                }
            }
        });
        let debug = (!derives.contains("Debug")).then(|| {
            let name = network.name.unraw().to_string();
            quote! {
                #[automatically_derived]
                impl #generics ::core::fmt::Debug for #ty {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        #private::debug(#name, &self.state, f)
                    }
                }
            }
        });
        quote!(#clone #debug)
    }
}
