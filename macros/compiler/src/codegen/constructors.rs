//! The constants, constructors and descriptions of a network, with the assertions of its sizes.

use super::content::Content;
use super::interface::{Interface, is_private};
use super::lengths::cost;
use proc_macro2::TokenStream;
use quote::quote;

impl Interface<'_> {
    /// Emits the items that exist for `f32` alone, because defaults do not apply in expressions.
    pub fn constructors(&self, content: &Content) -> TokenStream {
        let Self { network, runtime, private, bounds, .. } = self;
        // of a private type nothing is visible outside, and what is private as well would be a second error there
        let visibility = match is_private(network) {
            true => &syn::Visibility::Public(Default::default()),
            false => &network.visibility,
        };
        let ty = self.of(&quote!(f32));
        let assertions = content.assertions.iter().map(|(_, assertion)| assertion);
        // assertions about the constants themselves come first, but others fail more often
        let last = content.assertions.last();
        let sizes = last.map(|_| {
            quote! {
                /// What the sizes have to satisfy.
                const SIZES: () = { #(#assertions)* };
            }
        });
        // evaluated where a network is made or described, which is what the compiler points at
        let checked = last.map(|(place, _)| place.mark(quote!(let () = Self::SIZES;)));
        // in a stub, whether there are run-time sizes may be unknown
        let has_cost = content.lengths.is_some() || self.stub;
        let cost = has_cost.then(|| cost(visibility, runtime, private, checked.as_ref()));
        // with sizes that do not fit, a constant has no value
        let constant = |name: TokenStream| match &checked {
            Some(checked) => quote!({ #checked #name }),
            None => name,
        };
        let [parameters, flops, workspace, layout] = [
            quote!(<Self as #private::Network>::PARAMS),
            match &checked {
                Some(_) => quote!(<Self as #private::Network>::OPERATIONS),
                None => quote!(<Self as #private::Network>::FLOPS),
            },
            quote!(<Self as #private::Network>::WORKSPACE),
            quote!(<Self as #private::Network>::LAYOUT),
        ]
        .map(constant);
        let train_workspace = content.training.is_some().then(|| {
            let workspace = constant(quote!(<Self as #private::Trainable>::TRAIN_WORKSPACE));
            quote! {
                /// Scalars of memory that a sample takes in a training step.
                #visibility const TRAIN_WORKSPACE: usize = #workspace;
            }
        });
        quote! {
            #[allow(dead_code)]
            impl<#(#bounds),*> #ty {
                #sizes
                /// Numbers in all parameters.
                #visibility const PARAMS: usize = #parameters;
                /// Floating point operations of the forward pass for one sample.
                #visibility const FLOPS: usize = #flops;
                /// Scalars of memory that a sample takes in the forward pass.
                #visibility const WORKSPACE: usize = #workspace;
                #train_workspace
                #cost
                /// The parameters, in the order of the buffer.
                #visibility const LAYOUT: &'static [#runtime::Parameter] = #layout;

                /// The network with parameters drawn by their initialisers; the same seed gives
                /// the same bits on every machine.
                #[must_use]
                #visibility fn init(seed: u64) -> Self {
                    #checked
                    <Self as #private::Network>::from_state(
                        #private::State::init(<Self as #private::Network>::LAYOUT, seed),
                    )
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
                    let layout = <Self as #private::Network>::LAYOUT;
                    match #private::State::load(layout, path) {
                        #private::Ok(state) => {
                            #private::Ok(<Self as #private::Network>::from_state(state))
                        }
                        #private::Err(error) => #private::Err(error),
                    }
                }

                /// The network with the parameters of files of another program, by rules: of a
                /// safetensors file, the index of a sharded one, or a folder that has either.
                ///
                /// # Errors
                /// Those of `load`, and when a rule has no meaning or the index is damaged.
                #visibility fn load_with(
                    path: impl ::core::convert::AsRef<#private::Path>,
                    weights: &#runtime::Weights,
                ) -> #runtime::Result<Self> {
                    #checked
                    let layout = <Self as #private::Network>::LAYOUT;
                    match #private::State::load_with(layout, path, weights) {
                        #private::Ok(state) => {
                            #private::Ok(<Self as #private::Network>::from_state(state))
                        }
                        #private::Err(error) => #private::Err(error),
                    }
                }

                /// Layers, shapes, parameters and operations, as a table.
                #[must_use]
                #visibility fn summary() -> #runtime::Summary {
                    #checked
                    #runtime::Summary::of::<Self>()
                }

                /// Layers, operations and loops, to be drawn as SVG, DOT or Mermaid.
                #[inline]
                #[must_use]
                #visibility fn graph() -> #runtime::Graph {
                    #checked
                    #runtime::Graph::of::<Self>()
                }

                /// The network as formulas of LaTeX.
                #[inline]
                #[must_use]
                #visibility fn formulas() -> #runtime::Formulas {
                    #checked
                    #runtime::Formulas::of::<Self>()
                }
            }
        }
    }
}

impl Interface<'_> {
    /// Emits the number of operations as constants of `Network`. With sizes that do not fit, the public one has no value;
    /// the runtime reads the other, so that the compiler does not point at each place where it does.
    pub fn operations(&self, content: &Content) -> TokenStream {
        let (flops, private) = (&content.flops, &self.private);
        let Some((place, _)) = content.assertions.last() else {
            return quote!(const FLOPS: usize = #flops;);
        };
        let ty = self.of(&quote!(f32));
        let check = place.mark(quote!(let () = <#ty>::SIZES;));
        quote! {
            const FLOPS: usize = { #check <Self as #private::Network>::OPERATIONS };
            const OPERATIONS: usize = #flops;
        }
    }
}
