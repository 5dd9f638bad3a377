//! The trait `Network`, which every network implements.

use super::content::Content;
use super::interface::Interface;
use super::signature::Gives;
use super::slots::slots_at;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;

impl Interface<'_> {
    /// Emits `impl Network`.
    pub fn network(&self, content: &Content) -> TokenStream {
        let Self { network, runtime, private, scalar, other, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let cast = self.of(&quote!(#other));
        let name = network.name.unraw().to_string();
        let inputs = self.slices(content.inputs.as_deref());
        let output = match content.outputs {
            1 => quote!(#runtime::Tensor<#scalar>),
            n => {
                let tensors = std::iter::repeat_n(quote!(#runtime::Tensor<#scalar>), n);
                quote!((#(#tensors,)*))
            }
        };
        let Content { layout, input_ports, output_ports, input_lens, rows, flops, slots, .. } =
            content;
        let outputs = Gives::Outputs(content.outputs);
        let infer = self.function("infer", &["arena"], outputs, &content.infer);
        let layout = match (&content.fault, layout.is_empty()) {
            (Some(fault), _) => fault.clone(),
            (None, true) => quote!(&[]),
            (None, false) => quote!(&#private::place([#(#layout),*])),
        };
        let training_scalars = match content.training {
            Some(_) => quote!(<Self as #private::Trainable>::TRAIN_WORKSPACE),
            None => quote!(0),
        };
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

                #infer
            }
        }
    }
}
