//! The trait `Layer` of networks that others can apply.

use super::body::{Context, body};
use super::content::Content;
use super::interface::Interface;
use super::lengths::{Slots, slots_at};
use super::signature::Mentioned;
use crate::external::External;
use crate::pass::{LayerPasses, Pass};
use crate::program::Program;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The content that only a network that others can apply has.
pub struct Layer {
    /// Number of inputs.
    inputs: usize,
    backward: (Slots, TokenStream),
    /// The forward pass with training's randomness, if there is any.
    training: Option<(Slots, TokenStream)>,
    /// If no step of the streaming form depends on another: a constant that is true if this also
    /// holds for its external layers.
    stepwise: Option<TokenStream>,
}

impl Layer {
    /// Returns the content of the trait.
    pub fn new(
        runtime: &TokenStream,
        context: &Context<'_>,
        program: &Program,
        passes: &LayerPasses,
    ) -> Self {
        let written = |pass: &Pass, name: &str| {
            let slots = Slots::of(program, &pass.plan, "Layer", name);
            (Slots::new(runtime, program, &pass.plan), body(context, pass, &slots))
        };
        Self {
            inputs: program.inputs.len(),
            backward: written(&passes.backward, "backward_slots"),
            training: passes.training.as_ref().map(|pass| written(pass, "training_slots")),
            stepwise: passes.stepwise.as_deref().map(stepwise),
        }
    }

    /// Returns the content of a stub.
    pub fn empty(inputs: usize) -> Self {
        let backward = (Slots::default(), TokenStream::new());
        Self { inputs, backward, training: None, stepwise: None }
    }
}

impl Interface<'_> {
    /// Emits `impl Layer`.
    pub fn layer(&self, layer: &Layer, content: &Content) -> TokenStream {
        let Self { private, bounds, scalar, simd, runtime, .. } = self;
        let (ty, network) = (self.of(&quote!(f32)), self.of(&quote!(#scalar)));
        let inputs = (0..layer.inputs).map(|index| {
            let index = Literal::usize_unsuffixed(index);
            quote!(at.inputs[#index])
        });
        let inputs = quote!((#(#inputs,)*));
        let infer = quote! {
            <#network as __monograd::Network>::infer(
                simd,
                &__monograd::Forward::tile(&at),
                at.parameters,
                #inputs,
                at.scratch,
                __monograd::each(at.outputs),
            );
        };
        let forward = match &layer.training {
            None => infer,
            Some((_, training)) => {
                let of = (quote!(Forward), "outputs");
                let training = self.with_places(training, &inputs, content.outputs, &of);
                quote! {
                    if ::core::option::Option::is_none(&at.random) {
                        #infer
                    } else {
                        #training
                    }
                }
            }
        };
        let of = (quote!(Backward), "d_inputs");
        let backward = self.with_places(&layer.backward.1, &inputs, layer.inputs, &of);
        let [forward, backward] = [forward, backward].map(|body| match self.stub {
            true => quote!(let _ = at;),
            false => body,
        });
        let [f_simd, b_simd] =
            [&forward, &backward].map(|body| Mentioned::in_body(body).used("simd"));
        let slots = &layer.backward.0;
        let (backward_slots, backward_at) =
            (&slots.constant, slots_at(&quote!(backward_slots), &slots.at));
        let scratch = self.scratch(layer, content);
        let lengths = content.lengths.as_ref().map(|_| {
            quote! {
                const LENGTHS: &'static [#private::Length] = <Self as #private::Network>::LENGTHS;
                const REQUIREMENTS: &'static [#private::Requirement] =
                    <Self as #private::Network>::REQUIREMENTS;
            }
        });
        let flops = content.lengths.as_ref().map(|_| {
            quote! {
                fn flops(lengths: &[usize]) -> usize {
                    <Self as #private::Network>::flops(lengths)
                }
            }
        });
        let stepwise = layer.stepwise.as_ref().map(|is| quote!(const STEPWISE: bool = #is;));
        quote! {
            #[automatically_derived]
            impl<#(#bounds),*> #private::Layer for #ty {
                const INPUTS: &'static [#private::Port] = <Self as #private::Network>::INPUTS;
                const OUTPUTS: &'static [#private::Port] = <Self as #private::Network>::OUTPUTS;
                const LAYOUT: &'static [#private::Parameter] = <Self as #private::Network>::LAYOUT;
                const FLOPS: usize = <Self as #private::Network>::OPERATIONS;
                const BACKWARD_SLOTS: &'static [#private::Slot] = #backward_slots;
                #stepwise
                #lengths
                #scratch

                #flops
                #backward_at

                #[inline(always)]
                fn forward<#scalar: #runtime::Scalar, #simd: #private::Simd<#scalar>>(
                    #f_simd: #simd,
                    at: #private::Forward<'_, #scalar>,
                ) {
                    #forward
                }

                #[inline(always)]
                fn backward<#scalar: #runtime::Scalar, #simd: #private::Simd<#scalar>>(
                    #b_simd: #simd,
                    at: #private::Backward<'_, #scalar>,
                ) {
                    #backward
                }
            }
        }
    }

    /// Emits `impl Layer` of a network that is not visible outside of its module: if another
    /// applies it nevertheless, the only error is that it is private.
    pub fn private_layer(&self) -> TokenStream {
        let Self { private, bounds, scalar, simd, runtime, .. } = self;
        let ty = self.of(&quote!(f32));
        let passes = [quote!(forward), quote!(backward)];
        let given = [quote!(Forward), quote!(Backward)];
        quote! {
            #[automatically_derived]
            impl<#(#bounds),*> #private::Layer for #ty {
                const INPUTS: &'static [#private::Port] = #private::PRIVATE;
                const OUTPUTS: &'static [#private::Port] = &[];
                #(
                    fn #passes<#scalar: #runtime::Scalar, #simd: #private::Simd<#scalar>>(
                        _: #simd,
                        _: #private::#given<'_, #scalar>,
                    ) {
                    }
                )*
            }
        }
    }

    /// Emits the lengths of the scratch buffers that the passes need.
    fn scratch(&self, layer: &Layer, content: &Content) -> TokenStream {
        let private = &self.private;
        let infer = quote!(#private::scratch(<Self as #private::Network>::SLOTS));
        let infer_at = quote!(#private::scratch_at(<Self as #private::Network>::slots(lengths)));
        let (mut forward, mut forward_at) = (infer, infer_at);
        let mut training_slots = TokenStream::new();
        let mut varies = content.slots.at.is_some();
        if let Some((slots, _)) = &layer.training {
            forward = quote!(#private::larger(#forward, #private::scratch(<Self as #private::Layer>::TRAINING_SLOTS)));
            forward_at = quote! {
                #private::larger(#forward_at, #private::scratch_at(
                    <Self as #private::Layer>::training_slots(lengths),
                ))
            };
            let (constant, at) = (&slots.constant, slots_at(&quote!(training_slots), &slots.at));
            training_slots =
                quote!(const TRAINING_SLOTS: &'static [#private::Slot] = #constant; #at);
            varies |= slots.at.is_some();
        }
        let forward_at = varies.then(|| {
            quote! {
                fn forward_scratch(lengths: &[usize]) -> usize {
                    #forward_at
                }
            }
        });
        let backward_at = layer.backward.0.at.as_ref().map(|_| {
            quote! {
                fn backward_scratch(lengths: &[usize]) -> usize {
                    #private::scratch_at(<Self as #private::Layer>::backward_slots(lengths))
                }
            }
        });
        quote! {
            const FORWARD_SCRATCH: usize = #forward;
            #training_slots
            #forward_at
            #backward_at
        }
    }

    /// Returns the body of a pass after `let` statements for the names that it uses. They come from
    /// the argument `at` of the emitted function. The parameter `at` is the type of this argument,
    /// `result` its field with the slices of the results.
    fn with_places(
        &self,
        body: &TokenStream,
        inputs: &TokenStream,
        results: usize,
        (at, result): &(TokenStream, &str),
    ) -> TokenStream {
        let mut lets = TokenStream::new();
        let gradients = {
            let outputs = self.network.outputs.len();
            let each = (0..outputs).map(|index| {
                let index = Literal::usize_unsuffixed(index);
                quote!(at.d_outputs[#index])
            });
            quote!((#(#each,)*))
        };
        let mentioned = Mentioned::in_body(body);
        for (name, value) in [
            ("tile", quote!(&__monograd::#at::tile(&at))),
            ("parameters", quote!(at.parameters)),
            ("inputs", inputs.clone()),
            ("d_outputs", gradients),
            ("arena", quote!(at.scratch)),
            ("gradients", quote!(at.d_parameters)),
        ] {
            if mentioned.contains(name) {
                let name = format_ident!("{name}");
                lets.extend(quote!(let #name = #value;));
            }
        }
        let outs = mentioned.used_outputs(results);
        let result = format_ident!("{result}");
        lets.extend(quote!(let [#(#outs),*] = __monograd::each(at.#result);));
        quote!(#lets #body)
    }
}

/// Returns the constant that is true if all layers can be applied step by step.
fn stepwise(layers: &[External]) -> TokenStream {
    if layers.is_empty() {
        return quote!(true);
    }
    let layers = layers.iter().map(External::as_layer);
    quote!(#(#layers::STEPWISE)&&*)
}
