//! The metrics of a network.

use super::buffers::output_name;
use super::content::Measure;
use super::interface::Interface;
use super::signature::Gives;
use super::slots::slots_at;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

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
            const MEASURE_SLOTS: &'static [usize] = #slots;

            #at

            #measure
        }
    }
}
