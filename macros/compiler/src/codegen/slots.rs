//! The lengths of a pass's slots.

use super::buffers::{bind_lengths, slots};
use super::lengths::constant;
use super::signature::used;
use crate::plan::{Plan, SlotSize};
use crate::program::Program;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The lengths of a pass's slots.
pub struct Slots {
    /// The lengths as constants, with run-time sizes at their bounds.
    pub constant: TokenStream,
    /// The body of a function from `lengths` to the lengths for given run-time sizes, if there are
    /// any.
    pub at: Option<TokenStream>,
}

impl Default for Slots {
    /// Returns those of a pass that does nothing.
    fn default() -> Self {
        Self { constant: quote!(&[]), at: None }
    }
}

impl Slots {
    pub fn new(runtime: &TokenStream, program: &Program, plan: &Plan) -> Self {
        let constant = slots(runtime, plan, &|size| constant(program, size));
        let at = Self::vary(program, plan).then(|| {
            let slots = slots(runtime, plan, &Size::saturating_tokens);
            let lets = bind_lengths(program, &slots, &quote!(lengths));
            quote!(#lets #slots)
        });
        Self { constant: quote!(&#constant), at }
    }

    /// Returns true if a pass needs the lengths of its slots from a function.
    fn vary(program: &Program, plan: &Plan) -> bool {
        let asks = |need: &SlotSize| need.len.asks_at_run_time();
        !program.lengths.is_empty() || plan.slots.iter().flatten().any(asks)
    }

    /// Returns the expression by which a function finds the lengths of its slots.
    pub fn of(program: &Program, plan: &Plan, owner: &str, name: &str) -> TokenStream {
        let owner = format_ident!("{owner}");
        let (constant, function) =
            (format_ident!("{}", name.to_uppercase()), format_ident!("{name}"));
        match Self::vary(program, plan) {
            true => quote!(<Self as __monograd::#owner>::#function(tile.lengths)),
            false => quote!(<Self as __monograd::#owner>::#constant),
        }
    }
}

/// Emits the function that returns the lengths of slots, if these depend on run-time sizes.
pub fn slots_at(name: &TokenStream, body: &Option<TokenStream>) -> Option<TokenStream> {
    let body = body.as_ref()?;
    let lengths = used(body, "lengths");
    Some(quote! {
        fn #name(#lengths: &[usize]) -> impl ::core::convert::AsRef<[usize]> {
            #body
        }
    })
}
