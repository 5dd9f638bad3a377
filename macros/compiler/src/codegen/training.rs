//! The trait `Trainable`, which a network with a loss implements.

use super::content::Training;
use super::interface::Interface;
use super::signature::{Gives, used};
use super::slots::slots_at;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Interface<'_> {
    /// Emits `impl Trainable`.
    pub fn trainable(&self, training: &Training) -> TokenStream {
        let Self { private, scalar, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let targets = self.slices(training.targets.as_deref());
        let Training { ports, lens, evaluate_slots, train_slots, normaliser_count, .. } = training;
        let normaliser_count = Literal::usize_unsuffixed(*normaliser_count);
        let Training { normalisers, evaluate, train, .. } = training;
        let [p_samples, p_targets, p_normalisers] =
            ["samples", "targets", "normalisers"].map(|name| used(normalisers, name));
        let evaluate = self.function("evaluate", &["targets", "arena"], Gives::Loss, evaluate);
        let train = self.function("train", &["targets", "arena", "gradients"], Gives::Loss, train);
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

                #evaluate

                #train

                #measured
            }
        }
    }
}
