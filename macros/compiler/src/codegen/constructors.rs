//! The inherent items of a network: constants and constructors.

use super::content::Content;
use super::interface::Interface;
use super::lengths::cost;
use proc_macro2::TokenStream;
use quote::quote;

impl Interface<'_> {
    /// Emits the items that exist for `f32` alone, because defaults do not apply in expressions.
    pub fn constructors(&self, content: &Content) -> TokenStream {
        let Self { network, runtime, private, bounds, .. } = self;
        let visibility = &network.visibility;
        let ty = self.of(&quote!(f32));
        let train_workspace = content.training.is_some().then(|| {
            quote! {
                /// Scalars of memory that a sample takes in a training step.
                #visibility const TRAIN_WORKSPACE: usize = <Self as #private::Trainable>::TRAIN_WORKSPACE;
            }
        });
        // in a stub, whether there are run-time sizes may be unknown
        let has_cost = content.lengths.is_some() || self.stub;
        let cost = has_cost.then(|| cost(visibility, runtime, private));
        let assertions = content.assertions.iter().map(|(_, assertion)| assertion);
        // assertions about the constants themselves come first, but others fail more often
        let last = content.assertions.last();
        let sizes = last.map(|_| {
            quote! {
                /// What the sizes have to satisfy.
                const SIZES: () = { #(#assertions)* };
            }
        });
        // evaluated where a network is made, which is what the compiler points at
        let checked = last.map(|(place, _)| place.mark(quote!(let () = Self::SIZES;)));
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

                /// Layers, shapes, parameters and operations, as a table.
                #[must_use]
                #visibility fn summary() -> #runtime::Summary {
                    #runtime::Summary::of::<Self>()
                }
            }
        }
    }
}
