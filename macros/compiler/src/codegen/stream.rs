//! The trait `Streaming` of networks that can be run one step at a time.

use super::assertions::stepwise_assertions;
use super::body::{Context, Writer, body_with_states};
use super::buffers::unparenthesised;
use super::description::port;
use super::interface::Interface;
use super::lengths::limits;
use super::lengths::{Slots, slots_at};
use super::names::idents;
use super::signature::Gives;
use crate::ir::loops::Region;
use crate::pass::{BlockPass, StatePass, StreamPass};
use crate::program::{Port, Program};
use crate::size::Size;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// The content that only a network with a streaming form has; by default that of a stub.
#[derive(Default)]
pub struct Streaming {
    inputs: Vec<TokenStream>,
    outputs: Vec<TokenStream>,
    lens: Vec<TokenStream>,
    states: Vec<TokenStream>,
    most: Option<TokenStream>,
    limits: Vec<TokenStream>,
    slots: Slots,
    step: TokenStream,
    block: Option<BlockBody>,
    /// Assertions that external layers can be applied step by step.
    assertions: TokenStream,
}

/// The content of the function that takes a block of steps.
struct BlockBody {
    slots: Option<TokenStream>,
    body: TokenStream,
}

impl Streaming {
    /// Returns the content of the trait.
    pub fn new(
        runtime: &TokenStream,
        context: &Context<'_>,
        program: &Program,
        pass: &StreamPass,
    ) -> Self {
        let StreamPass { step, block } = pass;
        let graph = &step.pass.graph;
        let one = |port: &Port| {
            let shape = port.shape.iter().filter(|size| !size.is_dynamic()).cloned().collect();
            Port { shape, ..port.clone() }
        };
        let states = step
            .states
            .iter()
            .map(|state| graph.iterations(&state.iterations).times(&state.len).tokens());
        let bound = program.lengths.first().and_then(|length| length.bound.as_ref());
        let slots = Slots::of(program, &step.pass.plan, "Streaming", "step_slots");
        Self {
            inputs: program.inputs.iter().map(|p| port(runtime, program, &one(p))).collect(),
            outputs: program.outputs.iter().map(|(p, _)| port(runtime, program, &one(p))).collect(),
            lens: program.inputs.iter().map(|p| Size::product(&one(p).shape).tokens()).collect(),
            states: states.collect(),
            most: bound.map(unparenthesised),
            limits: limits(runtime, program),
            slots: Slots::new(runtime, program, &step.pass.plan),
            step: body_with_states(context, step, &slots),
            block: block.as_ref().map(|block| BlockBody::new(context, block)),
            assertions: stepwise_assertions(program, &graph.streamed_layers())
                .into_iter()
                .map(|(_, assertion)| assertion)
                .collect(),
        }
    }
}

impl BlockBody {
    fn new(context: &Context<'_>, BlockPass { block, lengths }: &BlockPass) -> Self {
        // the run-time sizes of a block are others
        let program = &Program { lengths: lengths.clone(), ..context.program.clone() };
        let context = &Context {
            runtime: context.runtime.clone(),
            scalar: context.scalar.clone(),
            simd: context.simd.clone(),
            taken: context.taken.clone(),
            program,
            comments: context.comments,
        };
        let plan = &block.pass.plan;
        let slots = Slots::of(program, plan, "Streaming", "block_slots");
        Self {
            slots: Slots::new(&context.runtime, program, plan).at,
            body: body_with_states(context, block, &slots),
        }
    }
}

impl Interface<'_> {
    /// Emits `impl Streamable` and `impl Streaming`.
    pub fn streaming(&self, streaming: &Streaming, outputs: usize) -> TokenStream {
        let Self { private, scalar, .. } = self;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let Streaming {
            inputs,
            outputs: output_ports,
            lens,
            states,
            most,
            limits,
            slots,
            step,
            block,
            assertions,
        } = streaming;
        let limits = (!limits.is_empty()).then(|| {
            quote! {
                const STEP_REQUIREMENTS: &'static [#private::Requirement] = &[#(#limits),*];
            }
        });
        let most = match most {
            Some(most) => quote!(#private::Some(#most)),
            None => quote!(#private::None),
        };
        let most = match assertions.is_empty() {
            true => most,
            false => quote!({ #assertions #most }),
        };
        let step = self.function("step", &["states", "arena"], Gives::Outputs(outputs), step);
        let block = block.as_ref().map(|BlockBody { slots, body }| {
            let slots = slots_at(&quote!(block_slots), slots);
            let block = self.function("block", &["states", "arena"], Gives::Outputs(outputs), body);
            quote! {
                const BLOCK: usize = #private::BLOCK_STEPS;

                #slots

                #block
            }
        });
        let (slots, at) = (&slots.constant, slots_at(&quote!(step_slots), &slots.at));
        quote! {
            #[automatically_derived]
            impl #generics #private::Streamable for #ty {
                type Network = Self;
            }

            #[automatically_derived]
            impl #generics #private::Streaming for #ty {
                const STEP_INPUTS: &'static [#private::Port] = &[#(#inputs),*];
                const STEP_OUTPUTS: &'static [#private::Port] = &[#(#output_ports),*];
                const STEP_LENS: &'static [usize] = &[#(#lens),*];
                const STATES: &'static [usize] = &[#(#states),*];
                const MOST_STEPS: ::core::option::Option<usize> = #most;
                #limits
                const STEP_SLOTS: &'static [#private::Slot] = #slots;

                #at

                #step

                #block
            }
        }
    }
}

impl Writer<'_> {
    /// Returns `let` statements that cut the memory of all states into those that `code` uses; a
    /// state of a loop is cut again in each iteration.
    pub fn cut_states(&self, pass: &StatePass, code: &TokenStream) -> TokenStream {
        let mut used = HashSet::new();
        idents(code.clone(), &mut used);
        let names: Vec<Ident> = (0..pass.states.len()).map(|i| self.whole_state(pass, i)).collect();
        if !names.iter().any(|name| used.contains(&name.to_string())) {
            return TokenStream::new();
        }
        let runtime = &self.context.runtime;
        let names = names.iter().map(|name| match used.contains(&name.to_string()) {
            true => quote!(#name),
            false => quote!(_),
        });
        quote! {
            let [#(#names),*] =
                #runtime::states(states, <Self as #runtime::Streaming>::STATES);
        }
    }

    /// Returns `let` statements for the states of one iteration.
    pub fn states_of_iteration(&self, region: Region, code: &TokenStream) -> TokenStream {
        let Some(pass) = self.stream else { return TokenStream::new() };
        let mut used = HashSet::new();
        idents(code.clone(), &mut used);
        let (graph, runtime) = (self.graph(), &self.context.runtime);
        let own = pass.states.iter().enumerate().filter(|(index, state)| {
            state.iterations.last() == Some(&region)
                && used.contains(&self.variables.states[index].to_string())
        });
        let lets = own.map(|(index, state)| {
            let (name, whole) = (&self.variables.states[&index], self.whole_state(pass, index));
            let iteration = unparenthesised(&graph.iteration(&state.iterations));
            let len = unparenthesised(&state.len);
            quote!(let #name = #runtime::place_of_iteration(#whole, #iteration, #len);)
        });
        lets.collect()
    }

    /// Returns the variable of a state with those of all iterations.
    fn whole_state(&self, pass: &StatePass, index: usize) -> Ident {
        match pass.states[index].iterations.is_empty() {
            true => self.variables.states[&index].clone(),
            false => format_ident!("all_{}", self.variables.states[&index]),
        }
    }
}
