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
#[derive(Default)]
pub struct Slots {
    /// As constants, with run-time sizes at their bounds.
    pub constant: TokenStream,
    /// For given run-time sizes, if there are any: the body of a function of `lengths`.
    pub at: Option<TokenStream>,
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

    /// Those of a pass that does nothing.
    pub fn empty() -> Self {
        Self { constant: quote!(&[]), at: None }
    }

    /// Whether a pass needs the lengths of its slots from a function.
    fn vary(program: &Program, plan: &Plan) -> bool {
        let asks = |need: &SlotSize| need.len.asks_at_run_time();
        !program.lengths.is_empty() || plan.slots.iter().flatten().any(asks)
    }

    /// Where a function finds the lengths of its slots.
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

/// The function that gives the lengths of slots, where these depend on run-time sizes.
pub fn slots_at(name: &TokenStream, body: &Option<TokenStream>) -> Option<TokenStream> {
    let body = body.as_ref()?;
    let lengths = used(body, "lengths");
    Some(quote! {
        fn #name(#lengths: &[usize]) -> impl ::core::convert::AsRef<[usize]> {
            #body
        }
    })
}
