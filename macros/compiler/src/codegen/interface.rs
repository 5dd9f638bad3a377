//! The type of a network: its definition, and the names, generics and types that its items share.

use super::Options;
use super::content::Content;
use super::names::{Names, idents};
use crate::ast::{Element, Expr, ExprKind, Generic, Network};
use crate::check::activation_of_another;
use crate::report::Place;
use crate::reserved::{is_primitive, private_path};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashSet;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;

/// The parts that all items of a network share.
pub struct Interface<'a> {
    pub network: &'a Network,
    /// The path of the runtime.
    pub runtime: TokenStream,
    /// The name of the runtime's hidden module.
    pub private: TokenStream,
    /// The name of the scalar's type parameter.
    pub scalar: Ident,
    /// The name of the instruction set's type parameter.
    pub simd: Ident,
    /// The name of another scalar's type parameter.
    pub other: Ident,
    /// `A: Activation, const H: usize`.
    pub bounds: Vec<TokenStream>,
    /// `A, { H }`.
    arguments: Vec<TokenStream>,
    /// The names that are taken.
    pub names: Names,
    /// `true` if another network contains it.
    pub contained: bool,
    /// `true` if it is a stub beside an error, without content: it accepts any inputs.
    pub stub: bool,
}

/// Returns true if no other module can name a network.
fn is_private(network: &Network) -> bool {
    matches!(network.visibility, syn::Visibility::Inherited)
}

/// Returns the name of a generic parameter. One with the name of a primitive type, which a stub may
/// have, is capitalised.
pub fn type_name(name: &Ident) -> Ident {
    match is_primitive(&name.to_string()) {
        true => {
            let mut text = name.to_string();
            text[..1].make_ascii_uppercase();
            Ident::new(&text, name.span())
        }
        false => name.clone(),
    }
}

impl<'a> Interface<'a> {
    /// Creates the interface of a network, or of the stub of one.
    pub fn new(network: &'a Network, options: &Options, stub: bool) -> Self {
        let runtime = options.runtime.clone();
        let mut names = Names::default();
        names.avoid(options.names.clone());
        let (mut bounds, mut arguments) = (Vec::new(), Vec::new());
        for generic in &network.generics {
            let name = type_name(generic.name());
            let is_size =
                matches!(generic, Generic::Size { .. } | Generic::Unknown { is_size: true, .. });
            // without braces, a type of this name would be taken instead
            arguments.push(if is_size { quote!({ #name }) } else { quote!(#name) });
            bounds.push(match generic {
                Generic::Activation { .. } if !stub => quote!(#name: #runtime::Activation),
                Generic::Activation { .. } | Generic::Unknown { is_size: false, .. } => {
                    quote!(#name)
                }
                Generic::Size { .. } | Generic::Unknown { .. } => quote!(const #name: usize),
            });
        }
        let private = private_path();
        let contained = options.contained.contains(&network.name.to_string());
        let (scalar, simd, other) = (names.fresh("T"), names.fresh("S"), names.fresh("U"));
        Self {
            network,
            runtime,
            private,
            scalar,
            simd,
            other,
            bounds,
            arguments,
            names,
            contained,
            stub,
        }
    }

    /// Returns everything that is generated for the network: the type, and its implementations in a
    /// block in which the runtime's hidden module has a short name, which nothing outside sees.
    pub fn tokens(&self, content: &Content) -> TokenStream {
        let implementations: TokenStream = [
            self.constructors(content),
            self.own_functions(&content.own),
            self.network(content),
            (content.training.as_ref())
                .map_or_else(TokenStream::new, |t| self.trainable(t, content.inspect.is_some())),
            (content.streaming.as_ref())
                .map_or_else(TokenStream::new, |s| self.streaming(s, content.outputs)),
            (content.input_gradients.as_ref())
                .map_or_else(TokenStream::new, |it| self.input_gradients(it, content)),
            content.inspect.as_ref().map_or_else(TokenStream::new, |it| self.inspect(it)),
            match &content.layer {
                Some(layer) => self.layer(layer, content),
                None if is_private(self.network) => self.private_layer(),
                None => TokenStream::new(),
            },
            self.derived(),
        ]
        .into_iter()
        .collect();
        let (definition, runtime, private) = (self.definition(), &self.runtime, &self.private);
        quote! {
            #definition
            const _: () = {
                use #runtime::__private as #private;

                #implementations
            };
        }
    }

    /// Returns `Name<A, { H }, scalar>`.
    pub fn of(&self, scalar: &TokenStream) -> TokenStream {
        let (name, arguments) = (&self.network.name, &self.arguments);
        quote!(#name<#(#arguments,)* #scalar>)
    }

    /// Returns `<A: Activation, const H: usize, T: Scalar>`.
    pub fn generics(&self) -> TokenStream {
        let Self { bounds, scalar, runtime, .. } = self;
        quote!(<#(#bounds,)* #scalar: #runtime::Scalar>)
    }

    /// Returns `(&'a [T], &'a [u32])`, or, if the elements are unknown (in a stub), a type that
    /// accepts anything.
    pub fn slices(&self, elements: Option<&[Element]>) -> TokenStream {
        let Self { scalar, private, .. } = self;
        let Some(elements) = elements else { return quote!(#private::Anything) };
        let slices = elements.iter().map(|element| match element {
            Element::Real => quote!(&'a [#scalar]),
            Element::Index => quote!(&'a [u32]),
        });
        quote!((#(#slices,)*))
    }
}

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
