//! The traits of a network that computes the gradients of its inputs.

use super::body::{Context, body};
use super::content::Content;
use super::interface::Interface;
use super::lengths::{Slots, slots_at};
use super::signature::Gives;
use crate::ast::{Element, Network};
use crate::pass::{InputGradientPasses, Pass};
use crate::program::Program;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The content that only a network with gradients of its inputs has.
pub struct InputGradients {
    /// The indices of the inputs that hold real numbers.
    real: Vec<usize>,
    vjp: (Slots, TokenStream),
    loss: Option<(Slots, TokenStream)>,
}

impl InputGradients {
    /// Returns the content of the traits.
    pub fn new(
        runtime: &TokenStream,
        context: &Context<'_>,
        program: &Program,
        passes: &InputGradientPasses,
    ) -> Self {
        let written = |pass: &Pass, owner: &str, name: &str| {
            let slots = Slots::of(program, &pass.plan, owner, name);
            (Slots::new(runtime, program, &pass.plan), body(context, pass, &slots))
        };
        Self {
            real: real(program.inputs.iter().map(|port| Some(port.element))),
            vjp: written(&passes.vjp, "VectorJacobian", "vjp_slots"),
            loss: (passes.loss.as_ref())
                .map(|pass| written(pass, "InputGradients", "input_gradient_slots")),
        }
    }

    /// Returns the content of a stub.
    pub fn empty(network: &Network) -> Self {
        let zero = quote!(__monograd::zero());
        Self {
            real: real(network.inputs.iter().map(|input| input.element)),
            vjp: Default::default(),
            loss: Some((Slots::default(), zero)),
        }
    }
}

fn real(elements: impl Iterator<Item = Option<Element>>) -> Vec<usize> {
    let is_real = |(_, element): &(usize, Option<Element>)| *element == Some(Element::Real);
    elements.enumerate().filter(is_real).map(|(index, _)| index).collect()
}

impl Interface<'_> {
    /// Emits `impl VectorJacobian` and, of a network with a loss, `impl InputGradients`.
    pub fn input_gradients(&self, of: &InputGradients, content: &Content) -> TokenStream {
        let Self { runtime, scalar, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let InputGradients { real, vjp: (slots, vjp), loss } = of;
        let count = real.len().max(1);
        let tensors = std::iter::repeat_n(quote!(#runtime::Tensor<#scalar>), count);
        let tensors = match count {
            1 => quote!(#(#tensors)*),
            _ => quote!((#(#tensors,)*)),
        };
        let ports = real.iter().map(|index| {
            let index = Literal::usize_unsuffixed(*index);
            quote!(<Self as __monograd::Network>::INPUTS[#index])
        });
        let ports = match self.stub {
            true => quote!(&[]),
            false => quote!(&[#(#ports),*]),
        };
        let gradients = match self.stub {
            true => self.slices(None),
            false => self.slices(Some(&vec![Element::Real; content.outputs])),
        };
        let vjp = self.function("vjp_tile", &["d_outputs", "arena"], Gives::Outputs(count), vjp);
        let at = slots_at(&quote!(vjp_slots), &slots.at);
        let slots = &slots.constant;
        let of_loss = loss.as_ref().map(|(slots, body)| {
            let gives = Gives::LossAndOutputs(count);
            let pass = self.function("input_gradients_tile", &["targets", "arena"], gives, body);
            let at = slots_at(&quote!(input_gradient_slots), &slots.at);
            let slots = &slots.constant;
            quote! {
                #[automatically_derived]
                impl #generics __monograd::Differentiable for #ty {
                    type Network = Self;

                    fn itself(&self) -> &Self {
                        self
                    }
                }

                #[automatically_derived]
                impl #generics __monograd::InputGradients for #ty {
                    const INPUT_GRADIENT_SLOTS: &'static [__monograd::Slot] = #slots;

                    #at

                    #pass
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl #generics __monograd::VectorJacobian for #ty {
                type InputGradients = #tensors;
                type OutputGradients<'a> = #gradients;

                const REAL_INPUTS: &'static [__monograd::Port] = #ports;
                const VJP_SLOTS: &'static [__monograd::Slot] = #slots;

                #at

                #vjp
            }

            #of_loss
        }
    }
}
