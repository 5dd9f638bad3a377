//! The metrics of a network that has some.

use super::buffers::output_name;
use super::content::Measure;
use super::interface::{Interface, in_function, used};
use super::slots::slots_at;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Interface<'_> {
    /// The items of `impl Trainable` that only metrics need.
    pub fn measured(&self, measure: &Measure) -> TokenStream {
        let Self { private, scalar, simd, .. } = self;
        let Measure { names, slots, body } = measure;
        let outputs: Vec<Ident> = (0..names.len()).map(output_name).collect();
        let body = quote! {
            let [#(#outputs),*] = __monograd::metric_values(values, tile.samples);
            #body
        };
        let [p_simd, p_parameters, p_inputs, p_targets, p_arena] =
            ["simd", "parameters", "inputs", "targets", "arena"].map(|name| used(&body, name));
        let body = in_function(private, &body);
        let at = slots_at(&quote!(measure_slots), &slots.at);
        let slots = &slots.constant;
        quote! {
            const METRICS: &'static [&'static str] = &[#(#names),*];
            const MEASURE_SLOTS: &'static [usize] = #slots;

            #at

            #[inline(always)]
            fn measure_tile<#simd: #private::Simd<#scalar>>(
                #p_simd: #simd,
                tile: &#private::Tile<'_, #scalar>,
                #p_parameters: &[#scalar],
                #p_inputs: Self::Inputs<'_>,
                #p_targets: Self::Targets<'_>,
                #p_arena: &mut [#scalar],
                values: &mut [#scalar],
            ) -> #scalar {
                #body
            }
        }
    }
}
