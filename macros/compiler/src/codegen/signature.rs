//! The functions of passes: the signatures around their bodies.

use super::interface::Interface;
use super::names::{idents, output_name};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// The first parameters of every pass.
const GIVEN: [&str; 4] = ["simd", "tile", "parameters", "inputs"];

/// The result of a pass.
#[derive(Clone, Copy)]
pub enum Gives {
    /// This number of outputs, each written to a slice.
    Outputs(usize),
    /// Nothing.
    Nothing,
    /// The sum of the losses.
    Loss,
    /// The sum of the losses, and this number of outputs.
    LossAndOutputs(usize),
}

impl Interface<'_> {
    /// Emits the function of a pass with the parameters `more` in addition to those of every pass;
    /// a parameter that its body does not use is `_`.
    pub fn function(
        &self,
        name: &str,
        more: &[&str],
        gives: Gives,
        body: &TokenStream,
    ) -> TokenStream {
        let Self { private, scalar, simd, .. } = self;
        let (name, mentioned) = (format_ident!("{name}"), Mentioned::in_body(body));
        let parameters = GIVEN.iter().chain(more).map(|name| {
            let (name, ty) = (mentioned.used(name), self.type_of(name));
            quote!(#name: #ty)
        });
        let (count, sum) = match gives {
            Gives::Outputs(count) => (Some(count), None),
            Gives::Nothing => (None, None),
            Gives::Loss => (None, Some(quote!(-> #scalar))),
            Gives::LossAndOutputs(count) => (Some(count), Some(quote!(-> #scalar))),
        };
        let outputs = count.map(|count| {
            let (outputs, count) =
                (mentioned.used_outputs(count), Literal::usize_unsuffixed(count));
            quote!([#(#outputs),*]: [&mut [#scalar]; #count],)
        });
        quote! {
            #[inline(always)]
            fn #name<#simd: #private::Simd<#scalar>>(#(#parameters,)* #outputs) #sum {
                #body
            }
        }
    }

    /// Returns the type of the parameter of this name, the same in all passes.
    fn type_of(&self, parameter: &str) -> TokenStream {
        let Self { private, scalar, simd, .. } = self;
        match parameter {
            "simd" => quote!(#simd),
            "tile" => quote!(&#private::Tile<'_, #scalar>),
            "parameters" => quote!(&[#scalar]),
            "inputs" => quote!(Self::Inputs<'_>),
            "targets" => quote!(Self::Targets<'_>),
            "d_outputs" => quote!(Self::OutputGradients<'_>),
            "trace" => {
                quote!(&mut dyn ::core::ops::FnMut(usize, &[usize], &[#scalar]))
            }
            // scratch memory, and memory for results
            _ => quote!(&mut [#scalar]),
        }
    }
}

/// The identifiers in a function's body.
pub struct Mentioned(HashSet<String>);

impl Mentioned {
    /// Collects the identifiers in a body.
    pub fn in_body(body: &TokenStream) -> Self {
        let mut found = HashSet::new();
        idents(body.clone(), &mut found);
        Self(found)
    }

    /// Returns true if the body has the identifier.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Returns a parameter's name, or `_` if the body does not use it.
    pub fn used(&self, name: &str) -> TokenStream {
        if self.contains(name) {
            let name = Ident::new(name, Span::call_site());
            return quote!(#name);
        }
        quote!(_)
    }

    /// Returns the names of this number of outputs, or `_` for those that the body does not use.
    pub fn used_outputs(&self, count: usize) -> Vec<TokenStream> {
        (0..count).map(|index| self.used(&output_name(index).to_string())).collect()
    }
}
