//! The struct of a network, with its documentation and derived traits.

use super::interface::{Interface, type_name};
use super::names::idents;
use crate::ast::{Expr, ExprKind, Generic};
use crate::check::activation_of_another;
use crate::report::Place;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashSet;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;

impl Interface<'_> {
    /// Emits the struct.
    pub fn definition(&self) -> TokenStream {
        let Self { network, runtime, scalar, .. } = self;
        let (attributes, visibility, name) =
            (&network.attributes, &network.visibility, &network.name);
        let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
        let doc = (!documented).then(|| quote!(#[doc = "A network compiled by `network!`."]));
        let optional = self.optional();
        let generics =
            network.generics.iter().zip(optional).map(|(generic, optional)| match generic {
                Generic::Activation { name, default } => {
                    let bound = (!self.stub).then(|| {
                        // a default that is no activation is underlined where its bound is
                        let bound = default.as_ref().map_or(name.span(), Spanned::span);
                        let bound = Place::token(bound).mark(quote!(#runtime::Activation));
                        quote!(: #bound)
                    });
                    let name = type_name(name);
                    let default = match default {
                        // told as the name of another library
                        Some(path) if self.stub && activation_of_another(path).is_some() => {
                            Some(quote!(= ()))
                        }
                        Some(default) => Some(quote!(= #default)),
                        None => optional.then(|| quote!(= ())),
                    };
                    quote!(#name #bound #default)
                }
                Generic::Size { name, default }
                | Generic::Unknown { name, is_size: true, default } => {
                    let default = match default {
                        Some(default) => Some(self.default_size(default)),
                        None => optional.then(|| quote!(= 1)),
                    };
                    quote!(const #name: usize #default)
                }
                Generic::Unknown { name, .. } => {
                    let default = optional.then(|| quote!(= ()));
                    quote!(#name #default)
                }
            });
        let marker = self.marker();
        // a contained network is used inside others, maybe nowhere else
        let unused = self.contained.then(|| quote!(#[allow(dead_code)]));
        quote! {
            #doc
            #unused
            #(#attributes)*
            #visibility struct #name<#(#generics,)* #scalar: #runtime::Scalar = f32> {
                state: #runtime::__private::State<#scalar>,
                activations: #marker,
            }
        }
    }

    /// Returns, for each generic parameter, `true` if it has a default. In a stub, so has each that
    /// stands after one that has: that it has none may be the mistake.
    fn optional(&self) -> Vec<bool> {
        let mut before = false;
        let generics = self.network.generics.iter().map(|generic| {
            let own = match generic {
                Generic::Activation { default, .. } => default.is_some(),
                Generic::Size { default, .. } | Generic::Unknown { default, .. } => {
                    default.is_some()
                }
            };
            before = own || (before && self.stub);
            before
        });
        generics.collect()
    }

    /// Returns the default of a size, on the user's tokens. A stub has a number in place of every
    /// other expression, which may be the mistake.
    fn default_size(&self, default: &Expr) -> TokenStream {
        let tokens = size_tokens(default);
        match &default.kind {
            ExprKind::Number(_) => quote!(= #tokens),
            _ if self.stub => quote!(= 1),
            _ => quote!(= { #tokens }),
        }
    }

    /// Returns the marker with the activations that the type is generic over.
    fn marker(&self) -> TokenStream {
        let activations = self.network.generics.iter().filter_map(|generic| match generic {
            Generic::Activation { name, .. } | Generic::Unknown { name, is_size: false, .. } => {
                Some(type_name(name))
            }
            Generic::Size { .. } | Generic::Unknown { .. } => None,
        });
        quote!(::core::marker::PhantomData<fn() -> (#(#activations,)*)>)
    }

    /// Emits `Clone` and `Debug`, unless the user derives them.
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

/// Returns an accepted size as it is written, on the user's tokens.
fn size_tokens(size: &Expr) -> TokenStream {
    match &size.kind {
        ExprKind::Path(path) => quote!(#path),
        ExprKind::Binary { operator, left, right } => {
            let operator: TokenStream = operator.symbol().parse().unwrap_or_default();
            let [left, right] = [left, right].map(|side| match side.kind {
                ExprKind::Binary { .. } => {
                    let side = size_tokens(side);
                    quote!((#side))
                }
                _ => size_tokens(side),
            });
            quote!(#left #operator #right)
        }
        _ => size.place.mark(size.to_string().parse().unwrap_or_default()),
    }
}
