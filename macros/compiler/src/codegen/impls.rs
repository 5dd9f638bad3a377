//! The `impl`s of a network: `Network`, and `Trainable` with its metrics.

use super::content::{Content, Measure, Training};
use super::interface::Interface;
use super::lengths::slots_at;
use super::names::output_name;
use super::signature::{Gives, Mentioned};
use proc_macro2::{Ident, Literal, TokenStream};
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
        let Content { layout, input_ports, output_ports, input_lens, rows, slots, .. } = content;
        let outputs = Gives::Outputs(content.outputs);
        let operations = self.operations(content);
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
        let whole_batch = content.whole_batch.as_ref().map(|body| {
            let mentioned = Mentioned::in_body(body);
            let lengths = mentioned.used("lengths");
            quote! {
                fn whole_batch(pass: #private::Mode, #lengths: &[usize]) -> ::core::option::Option<usize> {
                    #body
                }
            }
        });
        let (slots, slots_at) = (&slots.constant, slots_at(&quote!(slots), &slots.at));
        let Content { drawing, drawing_sizes: sizes, formulas, .. } = content;
        let drawing = (!drawing.is_empty()).then(|| {
            quote! {
                const DRAWING: #private::Drawing =
                    #private::Drawing { text: #drawing, sizes: &[#(#sizes),*] };
                const FORMULAS: &'static str = #formulas;
            }
        });
        let fused_heads = &content.fused_heads;
        let fused_heads = (!fused_heads.is_empty())
            .then(|| quote!(const FUSED_HEADS: &'static [&'static str] = &[#(#fused_heads),*];));
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
                #operations
                const TRAINING_SCALARS: usize = #training_scalars;
                #fused_heads
                #drawing
                const INPUT_LENS: &'static [usize] = &[#(#input_lens),*];
                const SLOTS: &'static [#private::Slot] = #slots;

                #slots_at
                #lengths
                #whole_batch

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

impl Interface<'_> {
    /// Emits `impl Trainable`.
    pub fn trainable(&self, training: &Training, is_inspected: bool) -> TokenStream {
        let Self { private, scalar, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let targets = self.slices(training.targets.as_deref());
        let Training { ports, lens, evaluate_slots, train_slots, normaliser_count, .. } = training;
        let normaliser_count = Literal::usize_unsuffixed(*normaliser_count);
        let Training { normalisers, evaluate, train, .. } = training;
        let mentioned = Mentioned::in_body(normalisers);
        let [p_samples, p_targets, p_normalisers] =
            ["samples", "targets", "normalisers"].map(|name| mentioned.used(name));
        let evaluate = self.function("evaluate", &["targets", "arena"], Gives::Loss, evaluate);
        let train = self.function("train", &["targets", "arena", "gradients"], Gives::Loss, train);
        let evaluate_at = slots_at(&quote!(evaluate_slots), &evaluate_slots.at);
        let train_at = slots_at(&quote!(train_slots), &train_slots.at);
        let (evaluate_slots, train_slots) = (&evaluate_slots.constant, &train_slots.constant);
        let locate = is_inspected.then(|| self.locate());
        let measured = training.measure.as_ref().map(|measure| self.measured(measure));
        quote! {
            #[automatically_derived]
            impl #generics #private::Learner for #ty {
                type Network = Self;

                fn itself(&mut self) -> &mut Self {
                    self
                }

                fn seen(&self) -> &Self {
                    self
                }
            }

            #[automatically_derived]
            impl #generics #private::Trainable for #ty {
                type Targets<'a> = #targets;

                const TARGETS: &'static [#private::Port] = &[#(#ports),*];
                const TARGET_LENS: &'static [usize] = &[#(#lens),*];
                const EVALUATE_SLOTS: &'static [#private::Slot] = #evaluate_slots;
                const TRAIN_SLOTS: &'static [#private::Slot] = #train_slots;
                const NORMALISERS: usize = #normaliser_count;

                #evaluate_at
                #train_at

                fn normalisers(
                    #p_samples: usize,
                    #p_targets: Self::Targets<'_>,
                    #p_normalisers: &mut [#scalar],
                ) {
                    #normalisers
                }

                #evaluate

                #train

                #measured

                #locate
            }
        }
    }
}

impl Interface<'_> {
    /// Emits the items of `impl Trainable` that only metrics need.
    pub fn measured(&self, measure: &Measure) -> TokenStream {
        let Measure { names, slots, body } = measure;
        let outputs: Vec<Ident> = (0..names.len()).map(output_name).collect();
        let body = quote! {
            let [#(#outputs),*] = __monograd::metric_values(values, tile.samples);
            #body
        };
        let more = ["targets", "arena", "values"];
        let measure = self.function("measure_tile", &more, Gives::Loss, &body);
        let at = slots_at(&quote!(measure_slots), &slots.at);
        let slots = &slots.constant;
        quote! {
            const METRICS: &'static [&'static str] = &[#(#names),*];
            const MEASURE_SLOTS: &'static [__monograd::Slot] = #slots;

            #at

            #measure
        }
    }
}
