//! Run-time sizes: their declaration, and the items that depend on them; the lengths of slots.

use super::buffers::{bind_lengths, slots, unparenthesised};
use super::description::spelt;
use super::signature::Mentioned;
use crate::plan::{Plan, SlotSize};
use crate::program::{ExternalUse, Length, Program, Relation, Requirement, Row};
use crate::size::{Asked, Size, shapes_tokens, without_parentheses};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The items that a network with run-time sizes has beside the constants of every network.
pub struct Lengths {
    /// The declarations: `dyn T <= 256`.
    declared: Vec<TokenStream>,
    /// The requirements on the sizes of inputs.
    requirements: Vec<TokenStream>,
    /// Further requirements on the sizes of targets.
    target_requirements: Vec<TokenStream>,
    /// The shapes of the summary's rows.
    rows: Vec<TokenStream>,
    /// The body of a function from `lengths` to the number of operations.
    flops: TokenStream,
}

impl Lengths {
    /// Returns the items, or `None` if there are no run-time sizes.
    pub fn new(runtime: &TokenStream, program: &Program, flops: &Size) -> Option<Self> {
        if program.lengths.is_empty() {
            return None;
        }
        let of_targets = |requirement: &&Requirement| {
            let sides = [&requirement.left, &requirement.right];
            let mut lengths = program.lengths.iter().filter(|length| length.of_targets);
            lengths.any(|length| sides.iter().any(|side| side.lengths().contains(&*length.name)))
        };
        let (target_requirements, requirements): (Vec<_>, Vec<_>) =
            program.requirements.iter().filter(|r| is_dynamic(r)).partition(of_targets);
        let at_call = |requirements: Vec<&Requirement>| -> Vec<TokenStream> {
            requirements.into_iter().map(|r| requirement(runtime, program, r)).collect()
        };
        let fits = program.external_uses.iter().filter_map(|fit| fits(runtime, program, fit));
        let flops = without_parentheses(flops.saturating_tokens());
        let lets = bind_lengths(program, &flops, &quote!(lengths));
        Some(Self {
            declared: program.lengths.iter().map(|length| declared(runtime, length)).collect(),
            requirements: at_call(requirements).into_iter().chain(fits).collect(),
            target_requirements: at_call(target_requirements),
            rows: program
                .rows
                .iter()
                .map(|row: &Row| extents(runtime, program, &row.shape))
                .collect(),
            flops: quote!(#lets #flops),
        })
    }

    /// Emits the items of `impl Network`.
    pub fn items(&self, private: &TokenStream, is_trainable: bool) -> TokenStream {
        let Self { declared, requirements, target_requirements, rows, flops } = self;
        let lengths = Mentioned::in_body(flops).used("lengths");
        let targets = (!target_requirements.is_empty()).then(|| {
            quote! {
                const TARGET_REQUIREMENTS: &'static [#private::Requirement] =
                    &[#(#target_requirements),*];
            }
        });
        let training = is_trainable.then(|| {
            quote! {
                fn training_scalars(lengths: &[usize]) -> usize {
                    #private::scalars(<Self as #private::Trainable>::train_slots(lengths))
                }
            }
        });
        quote! {
            const LENGTHS: &'static [#private::Length] = &[#(#declared),*];
            const REQUIREMENTS: &'static [#private::Requirement] = &[#(#requirements),*];
            #targets
            const ROW_EXTENTS: &'static [&'static [#private::Extent]] = &[#(#rows),*];

            fn flops(#lengths: &[usize]) -> usize {
                #flops
            }

            #training
        }
    }
}

/// Emits the function that returns the cost of given run-time sizes.
pub fn cost(
    visibility: &syn::Visibility,
    runtime: &TokenStream,
    private: &TokenStream,
    checked: Option<&TokenStream>,
) -> TokenStream {
    quote! {
        /// Operations and memory for one sample of given run-time sizes, in the order of their
        /// declaration. The constants are those for their bounds, or 1 where there is none.
        ///
        /// # Errors
        /// When there are too many or too few, or they do not fit the network.
        #visibility fn cost(lengths: &[usize]) -> #runtime::Result<#runtime::Cost> {
            #checked
            <Self as #private::Network>::cost(lengths)
        }
    }
}

/// Returns a size as a constant: with run-time sizes at their bounds, or 1 if there is none.
pub fn constant(program: &Program, size: &Size) -> TokenStream {
    if !size.is_dynamic() && !size.asks_at_run_time() {
        return size.total_tokens();
    }
    let bound = |length: &Length| Some((length.name.clone(), length.bound.clone()?));
    size.at(&program.lengths.iter().filter_map(bound).collect()).total_tokens()
}

/// Returns true if a requirement can be checked only at a call.
pub fn is_dynamic(requirement: &Requirement) -> bool {
    requirement.left.is_dynamic() || requirement.right.is_dynamic()
}

fn declared(runtime: &TokenStream, length: &Length) -> TokenStream {
    let (Length { bound, of_targets, .. }, name) = (length, spelt(&length.name));
    let bound = match bound {
        Some(bound) => {
            let bound = unparenthesised(bound);
            quote!(#runtime::Some(#bound))
        }
        None => quote!(#runtime::None),
    };
    quote!(#runtime::Length { name: #name, bound: #bound, of_targets: #of_targets })
}

/// Returns the sizes of a shape as functions of the run-time sizes.
pub fn extents(runtime: &TokenStream, program: &Program, shape: &[Size]) -> TokenStream {
    let extents = shape.iter().map(|size| extent(runtime, program, size));
    quote!(&[#(#extents),*])
}

/// Returns a size as a function of the run-time sizes.
pub fn extent(runtime: &TokenStream, program: &Program, size: &Size) -> TokenStream {
    let index = |name: &str| {
        let index = program.lengths.iter().position(|length| length.name == name);
        Literal::usize_unsuffixed(index.unwrap_or_default())
    };
    if !size.is_dynamic() {
        let size = unparenthesised(size);
        return quote!(#runtime::Extent::Fixed(#size));
    }
    if let Some(name) = size.as_length() {
        let (index, name) = (index(name), spelt(name));
        return quote!(#runtime::Extent::Length(#name, #index));
    }
    let (text, of) = (size.to_string(), size.lengths().into_iter().map(index));
    let at = function(program, &without_parentheses(size.saturating_tokens()));
    quote!(#runtime::Extent::Computed { text: #text, of: &[#(#of),*], at: #at })
}

/// Returns a requirement that is checked at a call; a difference becomes a sum on the other side,
/// so that no intermediate result is negative.
fn requirement(runtime: &TokenStream, program: &Program, requirement: &Requirement) -> TokenStream {
    let Requirement { left, relation, right, message, .. } = requirement;
    let (right, left) = right.minus(left).parts();
    let [left, right] = [left, right].map(|s| without_parentheses(s.saturating_tokens()));
    let relation = match relation {
        Relation::Equal => quote!(==),
        Relation::AtMost => quote!(<=),
    };
    let holds = function(program, &quote!(#left #relation #right));
    quote!(#runtime::Requirement { message: #message, holds: #holds })
}

/// Returns the requirements that end a stream along a run-time size: those that hold only up to
/// some length. One for a smallest length, or for a multiple, holds again at some longer one.
pub fn limits(runtime: &TokenStream, program: &Program) -> Vec<TokenStream> {
    let limit = |of: &&Requirement| -> Option<Requirement> {
        let of = *of;
        let room = of.right.minus(&of.left);
        let (left, right) = match (of.relation, room.falls(), of.left.minus(&of.right).falls()) {
            (_, true, _) => (&of.left, &of.right),
            (Relation::Equal, _, true) => (&of.right, &of.left),
            _ => return None,
        };
        let (left, right) = (left.clone(), right.clone());
        Some(Requirement { left, right, relation: Relation::AtMost, ..of.clone() })
    };
    let limits = program.requirements.iter().filter(|r| is_dynamic(r)).filter_map(|r| limit(&r));
    limits.map(|limit| requirement(runtime, program, &limit)).collect()
}

/// Returns the requirement that an external layer accepts the shapes that it is given, if they have
/// run-time sizes.
fn fits(runtime: &TokenStream, program: &Program, fit: &ExternalUse) -> Option<TokenStream> {
    let outputs: Vec<Vec<Size>> = fit
        .outputs
        .iter()
        .enumerate()
        .map(|(output, shape)| {
            let asked = |axis| Asked::Output(output, axis, fit.inputs.clone());
            let size = |(axis, size): (usize, &Option<Size>)| {
                size.clone().unwrap_or_else(|| Size::external(&fit.layer, asked(axis)))
            };
            shape.iter().enumerate().map(size).collect()
        })
        .collect();
    let mut shapes = fit.inputs.iter().chain(&outputs).flatten();
    if !shapes.any(Size::is_dynamic) {
        return None;
    }
    let given: Vec<String> = fit.given.iter().map(|given| format!("`{given}`")).collect();
    let message = format!("`{}` does not fit {}", fit.text, given.join(", "));
    let layer = fit.layer.as_layer();
    let (inputs, outputs) = (shapes_tokens(&fit.inputs), shapes_tokens(&outputs));
    let holds = function(program, &quote!(#layer::fits(#inputs, #outputs)));
    Some(quote!(#runtime::Requirement { message: #message, holds: #holds }))
}

/// Returns a closure from the run-time sizes to `value`.
fn function(program: &Program, value: &TokenStream) -> TokenStream {
    let lets = bind_lengths(program, value, &quote!(lengths));
    match lets.is_empty() {
        true => quote!(|_| #value),
        false => quote!(|lengths| { #lets #value }),
    }
}

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
    let lengths = Mentioned::in_body(body).used("lengths");
    Some(quote! {
        fn #name(#lengths: &[usize]) -> impl ::core::convert::AsRef<[__monograd::Slot]> {
            #body
        }
    })
}
