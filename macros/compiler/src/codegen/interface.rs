//! The names, generics and types that the items of a network share, and the order of these items.

use super::Options;
use super::content::Content;
use super::names::Names;
use crate::ast::{Element, Generic, Network};
use crate::reserved::{is_primitive, private_path};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

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
pub fn is_private(network: &Network) -> bool {
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
        let named = self.allowed_names();
        // a condition holds for all of it
        let conditions =
            self.network.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        quote! {
            #definition
            #named
            #(#conditions)*
            const _: () = {
                use #runtime::__private as #private;

                #implementations
            };
        }
    }

    /// Returns the attribute of items that repeat a const parameter whose name the compiler warns of: it is told where the
    /// type is defined, not in every `impl` again.
    pub fn allowed_names(&self) -> Option<TokenStream> {
        let is_told = |generic: &Generic| match generic {
            Generic::Size { name, .. } | Generic::Unknown { name, is_size: true, .. } => {
                name.to_string().contains(char::is_lowercase)
            }
            Generic::Activation { .. } | Generic::Unknown { .. } => false,
        };
        let has_such = self.network.generics.iter().any(is_told);
        has_such.then(|| quote!(#[allow(non_upper_case_globals)]))
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
