//! The trait that a network with a loss implements.

use super::content::Training;
use super::interface::{Interface, in_function, used};
use super::slots::slots_at;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Interface<'_> {
    /// `impl Trainable`.
    pub fn trainable(&self, training: &Training) -> TokenStream {
        let Self { private, scalar, simd, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let targets = match training.targets.as_deref() {
            Some([]) => quote!(()),
            elements => self.slices(elements.unwrap_or_default()),
        };
        let Training { ports, lens, evaluate_slots, train_slots, normaliser_count, .. } = training;
        let normaliser_count = Literal::usize_unsuffixed(*normaliser_count);
        let Training { normalisers, evaluate, train, .. } = training;
        let [p_samples, p_targets, p_normalisers] =
            ["samples", "targets", "normalisers"].map(|name| used(normalisers, name));
        let all = ["simd", "tile", "parameters", "inputs", "targets", "arena"];
        let [e_simd, e_tile, e_parameters, e_inputs, e_targets, e_arena] =
            all.map(|name| used(evaluate, name));
        let [t_simd, t_tile, t_parameters, t_inputs, t_targets, t_arena] =
            all.map(|name| used(train, name));
        let t_gradients = used(train, "gradients");
        let [normalisers, evaluate, train] =
            [normalisers, evaluate, train].map(|body| in_function(private, body));
        let evaluate_at = slots_at(&quote!(evaluate_slots), &evaluate_slots.at);
        let train_at = slots_at(&quote!(train_slots), &train_slots.at);
        let (evaluate_slots, train_slots) = (&evaluate_slots.constant, &train_slots.constant);
        let measured = training.measure.as_ref().map(|measure| self.measured(measure));
        quote! {
            #[automatically_derived]
            impl #generics #private::Trainable for #ty {
                type Targets<'a> = #targets;

                const TARGETS: &'static [#private::Port] = &[#(#ports),*];
                const TARGET_LENS: &'static [usize] = &[#(#lens),*];
                const EVALUATE_SLOTS: &'static [usize] = #evaluate_slots;
                const TRAIN_SLOTS: &'static [usize] = #train_slots;
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

                #[inline(always)]
                fn evaluate<#simd: #private::Simd<#scalar>>(
                    #e_simd: #simd,
                    #e_tile: &#private::Tile<'_, #scalar>,
                    #e_parameters: &[#scalar],
                    #e_inputs: Self::Inputs<'_>,
                    #e_targets: Self::Targets<'_>,
                    #e_arena: &mut [#scalar],
                ) -> #scalar {
                    #evaluate
                }

                #[inline(always)]
                fn train<#simd: #private::Simd<#scalar>>(
                    #t_simd: #simd,
                    #t_tile: &#private::Tile<'_, #scalar>,
                    #t_parameters: &[#scalar],
                    #t_inputs: Self::Inputs<'_>,
                    #t_targets: Self::Targets<'_>,
                    #t_arena: &mut [#scalar],
                    #t_gradients: &mut [#scalar],
                ) -> #scalar {
                    #train
                }

                #measured
            }
        }
    }
}
