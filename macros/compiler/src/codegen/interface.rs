//! The type, what it owns, and the traits that it implements.

use super::Options;
use super::buffers::output_name;
use super::content::Content;
use super::lengths::{cost, slots_at};
use super::names::{Names, idents};
use crate::ast::{Element, ExprKind, Generic, Network};
use crate::report::Place;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use std::collections::HashSet;
use syn::spanned::Spanned;

/// The parts that all items of a network share.
pub struct Interface<'a> {
    pub network: &'a Network,
    /// The runtime.
    pub runtime: TokenStream,
    /// Its hidden door.
    pub private: TokenStream,
    /// The name of the scalar's type parameter.
    pub scalar: Ident,
    /// The name of the instruction set's type parameter.
    pub simd: Ident,
    /// The name of another scalar's.
    other: Ident,
    /// `A: Activation, const H: usize`.
    pub bounds: Vec<TokenStream>,
    /// `A, H`.
    arguments: Vec<TokenStream>,
    /// Whether another network contains it.
    contained: bool,
}

impl<'a> Interface<'a> {
    /// The interface of a network.
    pub fn new(network: &'a Network, options: &Options) -> Self {
        let runtime = options.runtime.clone();
        let mut names = Names::default();
        names.avoid(options.names.clone());
        let (mut bounds, mut arguments) = (Vec::new(), Vec::new());
        for generic in &network.generics {
            let name = generic.name();
            arguments.push(quote!(#name));
            bounds.push(match generic {
                Generic::Activation { .. } => quote!(#name: #runtime::Activation),
                Generic::Size { .. } => quote!(const #name: usize),
            });
        }
        let private = quote!(#runtime::__private);
        let contained = options.contained.contains(&network.name.to_string());
        let (scalar, simd, other) = (names.fresh("T"), names.fresh("S"), names.fresh("U"));
        Self { network, runtime, private, scalar, simd, other, bounds, arguments, contained }
    }

    /// Everything that is generated for the network.
    pub fn tokens(&self, content: &Content) -> TokenStream {
        let items = [
            self.definition(),
            self.constructors(content),
            self.network(content),
            content.training.as_ref().map_or_else(TokenStream::new, |t| self.trainable(t)),
            (content.streaming.as_ref())
                .map_or_else(TokenStream::new, |s| self.streaming(s, content.outputs)),
            content
                .layer
                .as_ref()
                .map_or_else(TokenStream::new, |layer| self.layer(layer, content)),
            self.derived(),
        ];
        items.into_iter().collect()
    }

    /// `Name<A, H, scalar>`.
    pub fn of(&self, scalar: &TokenStream) -> TokenStream {
        let (name, arguments) = (&self.network.name, &self.arguments);
        quote!(#name<#(#arguments,)* #scalar>)
    }

    /// `impl<A: Activation, const H: usize, T: Scalar>`.
    pub fn generics(&self) -> TokenStream {
        let Self { bounds, scalar, runtime, .. } = self;
        quote!(<#(#bounds,)* #scalar: #runtime::Scalar>)
    }

    /// The activations that the type is over.
    fn marker(&self) -> TokenStream {
        let activations = self.network.generics.iter().filter_map(|generic| match generic {
            Generic::Activation { name, .. } => Some(name),
            Generic::Size { .. } => None,
        });
        quote!(::core::marker::PhantomData<fn() -> (#(#activations,)*)>)
    }

    fn definition(&self) -> TokenStream {
        let Self { network, runtime, private, scalar, .. } = self;
        let (attributes, visibility, name) =
            (&network.attributes, &network.visibility, &network.name);
        let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
        let doc = (!documented).then(|| quote!(#[doc = "A network compiled by `network!`."]));
        let generics = network.generics.iter().map(|generic| match generic {
            Generic::Activation { name, default } => {
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

    /// What exists for `f32` alone, because defaults do not apply in expressions.
    fn constructors(&self, content: &Content) -> TokenStream {
        let Self { network, runtime, private, bounds, .. } = self;
        let visibility = &network.visibility;
        let ty = self.of(&quote!(f32));
        let train_workspace = content.training.is_some().then(|| {
            quote! {
                /// Scalars of memory that a sample takes in a training step.
                #visibility const TRAIN_WORKSPACE: usize = <Self as #private::Trainable>::TRAIN_WORKSPACE;
            }
        });
        let cost = content.lengths.as_ref().map(|_| cost(visibility, runtime, private));
        let assertions = content.requirements.iter().map(|(_, assertion)| assertion);
        let first = content.requirements.first();
        let sizes = first.map(|_| {
            quote! {
                /// What the sizes have to satisfy.
                const SIZES: () = { #(#assertions)* };
            }
        });
        // asked where a network is made, which is what the compiler points at
        let checked = first.map(|(place, _)| place.mark(quote!(let () = Self::SIZES;)));
        quote! {
            #[allow(dead_code)]
            impl<#(#bounds),*> #ty {
                #sizes
                /// Numbers in all parameters.
                #visibility const PARAMS: usize = <Self as #private::Network>::PARAMS;
                /// Floating point operations of the forward pass for one sample.
                #visibility const FLOPS: usize = <Self as #private::Network>::FLOPS;
                /// Scalars of memory that a sample takes in the forward pass.
                #visibility const WORKSPACE: usize = <Self as #private::Network>::WORKSPACE;
                #train_workspace
                #cost
                /// The parameters, in the order of the buffer.
                #visibility const LAYOUT: &'static [#runtime::Parameter] =
                    <Self as #private::Network>::LAYOUT;

                /// The network with parameters drawn by their initialisers; the same seed gives
                /// the same bits on every machine.
                #[must_use]
                #visibility fn init(seed: u64) -> Self {
                    #checked
                    <Self as #private::Network>::from_state(#private::State::init(Self::LAYOUT, seed))
                }

                /// The network with the parameters of a safetensors file.
                ///
                /// # Errors
                /// When the file cannot be read, or a tensor is missing, surplus, misshapen, NaN
                /// or infinite.
                #visibility fn load(
                    path: impl ::core::convert::AsRef<#private::Path>,
                ) -> #runtime::Result<Self> {
                    #checked
                    match #private::State::load(Self::LAYOUT, path) {
                        #private::Ok(state) => {
                            #private::Ok(<Self as #private::Network>::from_state(state))
                        }
                        #private::Err(error) => #private::Err(error),
                    }
                }

                /// Layers, shapes, parameters and operations, as a table.
                #[must_use]
                #visibility fn summary() -> #runtime::Summary {
                    #runtime::Summary::of::<Self>()
                }
            }
        }
    }

    fn network(&self, content: &Content) -> TokenStream {
        let Self { network, runtime, private, scalar, simd, other, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let cast = self.of(&quote!(#other));
        let name = network.name.to_string();
        let inputs = self.slices(&content.inputs);
        let output = match content.outputs {
            1 => quote!(#runtime::Tensor<#scalar>),
            n => {
                let tensors = std::iter::repeat_n(quote!(#runtime::Tensor<#scalar>), n);
                quote!((#(#tensors,)*))
            }
        };
        let Content { layout, input_ports, output_ports, input_lens, rows, flops, slots, .. } =
            content;
        let infer = &content.infer;
        let layout = match layout.is_empty() {
            true => quote!(&[]),
            false => quote!(&#private::place([#(#layout),*])),
        };
        let training_scalars = match content.training {
            Some(_) => quote!(<Self as #private::Trainable>::TRAIN_WORKSPACE),
            None => quote!(0),
        };
        let outs: Vec<Ident> = (0..content.outputs).map(output_name).collect();
        let outs = used_or_blank(infer, outs);
        let count = Literal::usize_unsuffixed(content.outputs);
        let [p_simd, p_tile, p_parameters, p_inputs, p_arena] =
            ["simd", "tile", "parameters", "inputs", "arena"].map(|name| used(infer, name));
        let infer = in_function(private, infer);
        let lengths = content
            .lengths
            .as_ref()
            .map(|lengths| lengths.items(private, content.training.is_some()));
        let (slots, slots_at) = (&slots.constant, slots_at(&quote!(slots), &slots.at));
        quote! {
            #[automatically_derived]
            impl #generics #private::Network for #ty {
                type Scalar = #scalar;
                type Inputs<'a> = #inputs;
                type Output = #output;
                type Cast<#other: #runtime::Scalar> = #cast;

                const NAME: &'static str = #name;
                const LAYOUT: &'static [#runtime::Parameter] = #layout;
                const INPUTS: &'static [#private::Port] = &[#(#input_ports),*];
                const OUTPUTS: &'static [#private::Port] = &[#(#output_ports),*];
                const ROWS: &'static [#private::Row] = &[#(#rows),*];
                const FLOPS: usize = #flops;
                const TRAINING_SCALARS: usize = #training_scalars;
                const INPUT_LENS: &'static [usize] = &[#(#input_lens),*];
                const SLOTS: &'static [usize] = #slots;

                #slots_at
                #lengths

                fn state(&self) -> &#private::State<#scalar> {
                    &self.state
                }

                fn state_mut(&mut self) -> &mut #private::State<#scalar> {
                    &mut self.state
                }

                fn from_state(state: #private::State<#scalar>) -> Self {
                    Self { state, activations: ::core::marker::PhantomData }
                }

                #[inline(always)]
                fn infer<#simd: #private::Simd<#scalar>>(
                    #p_simd: #simd,
                    #p_tile: &#private::Tile<'_, #scalar>,
                    #p_parameters: &[#scalar],
                    #p_inputs: Self::Inputs<'_>,
                    #p_arena: &mut [#scalar],
                    [#(#outs),*]: [&mut [#scalar]; #count],
                ) {
                    #infer
                }
            }
        }
    }

    /// `Clone` and `Debug`, unless the user derives them.
    fn derived(&self) -> TokenStream {
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
            let name = network.name.to_string();
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

    /// `(&'a [T], &'a [u32])`; in a stub, which has none, anything.
    pub fn slices(&self, elements: &[Element]) -> TokenStream {
        let Self { scalar, private, .. } = self;
        if elements.is_empty() {
            return quote!(#private::Anything);
        }
        let slices = elements.iter().map(|element| match element {
            Element::Real => quote!(&'a [#scalar]),
            Element::Index => quote!(&'a [u32]),
        });
        quote!((#(#slices,)*))
    }
}

/// The body of a function, with the runtime under a short name.
pub fn in_function(private: &TokenStream, body: &TokenStream) -> TokenStream {
    let door = mentions(body, "__monograd").then(|| quote!(use #private as __monograd;));
    quote!(#door #body)
}

/// A parameter's name, or a blank where the body does not use it.
pub fn used(body: &TokenStream, name: &str) -> TokenStream {
    if mentions(body, name) {
        let name = Ident::new(name, Span::call_site());
        return quote!(#name);
    }
    quote!(_)
}

fn mentions(body: &TokenStream, name: &str) -> bool {
    let mut found = HashSet::new();
    idents(body.clone(), &mut found);
    found.contains(name)
}

fn used_or_blank(body: &TokenStream, names: Vec<Ident>) -> Vec<TokenStream> {
    names.into_iter().map(|name| used(body, &name.to_string())).collect()
}
