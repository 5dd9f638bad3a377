//! The buffers of a pass: the statements before the first step, and a `let` for every result.

use super::body::{Context, Writer};
use super::names::{output_name, slot_name, variables};
use crate::fuse::Step;
use crate::ir::{Leaf, Op, Type, Value};
use crate::plan::{Plan, SlotSize, Storage};
use crate::program::Program;
use crate::size::{Size, length_name, without_parentheses};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::HashSet;

/// Returns the slots of a plan, each with the longest of the lengths that it has to hold. `size` emits a
/// length.
pub fn slots(
    runtime: &TokenStream,
    plan: &Plan,
    size: &dyn Fn(&Size) -> TokenStream,
) -> TokenStream {
    let slots = plan.slots.iter().map(|needs| {
        let need = |need: &SlotSize| need_tokens(runtime, need, size(&need.len));
        let kind = if needs.iter().all(|need| need.batched) { quote!(Each) } else { quote!(Once) };
        let needs: Vec<TokenStream> = needs.iter().map(need).collect();
        let len = match &needs[..] {
            [need] => without_parentheses(need.clone()),
            _ => quote!(#runtime::slot_len(&[#(#needs),*])),
        };
        quote!(#runtime::Slot::#kind(#len))
    });
    quote!([#(#slots),*])
}

/// Returns a `let` for each run-time size that `code` uses, from the slice `lengths`.
pub fn bind_lengths(program: &Program, code: &TokenStream, lengths: &TokenStream) -> TokenStream {
    let mut used = HashSet::new();
    variables(code.clone(), &mut used);
    let mut lets = TokenStream::new();
    for (index, length) in program.lengths.iter().enumerate() {
        let name = length_name(&length.name);
        if used.contains(&name.to_string()) {
            let index = Literal::usize_unsuffixed(index);
            lets.extend(quote!(let #name = #lengths[#index];));
        }
    }
    lets
}

fn need_tokens(runtime: &TokenStream, need: &SlotSize, len: TokenStream) -> TokenStream {
    match &need.skip_if {
        None => len,
        Some(activation) => {
            let path = &activation.path;
            quote!(#runtime::kept_len(<#path as #runtime::Activation>::FROM_OUTPUT, #len))
        }
    }
}

/// Returns the tokens of a size without parentheses, for a place where no operator is adjacent.
pub fn unparenthesised(size: &Size) -> TokenStream {
    without_parentheses(size.tokens())
}

impl Writer<'_> {
    /// Names the leaves that are variables: inputs, targets, gradients of outputs, parameters and
    /// states.
    pub fn name_leaves(&mut self) {
        for value in self.graph().values() {
            if let Op::Leaf(
                Leaf::Input(_) | Leaf::Target(_) | Leaf::OutputGradient(_) | Leaf::Parameter(_),
            ) = self.graph()[value].op
            {
                let name = self.variables.taken.variable(&self.graph()[value].name.clone());
                self.variables.names.insert(value, name);
            }
        }
        for value in self.graph().values() {
            if let Op::Leaf(Leaf::State(index)) = self.graph()[value].op {
                let name = self.variables.taken.variable(&self.graph()[value].name.clone());
                self.variables.states.insert(index, name.clone());
                self.variables.names.insert(value, name);
            }
        }
    }

    /// Returns the statements before the first step, which bind only what is used.
    pub fn prelude(
        &mut self,
        context: &Context<'_>,
        statements: &TokenStream,
        lens: &TokenStream,
    ) -> TokenStream {
        let (runtime, scalar, simd) = (&context.runtime, &context.scalar, &context.simd);
        let mut used = HashSet::new();
        variables(statements.clone(), &mut used);
        let is_used = |name: &Ident| used.contains(&name.to_string());
        let mut prelude = TokenStream::new();
        if used.contains("lane") {
            prelude.extend(quote!(let lane = #runtime::lane::<#scalar, #simd>;));
        }
        if used.contains("number") {
            prelude.extend(quote!(let number = #runtime::number::<#scalar, #simd>;));
        }
        let ports = |leaf: fn(&Leaf) -> Option<usize>, count: usize| {
            let mut names = vec![quote!(_); count];
            for value in self.graph().values() {
                if let Op::Leaf(found) = &self.graph()[value].op
                    && let Some(index) = leaf(found)
                    && is_used(&self.variables.names[&value])
                {
                    let name = &self.variables.names[&value];
                    names[index] = quote!(#name);
                }
            }
            let any = names.iter().any(|name| name.to_string() != "_");
            any.then(|| quote!((#(#names,)*)))
        };
        let input = |leaf: &Leaf| if let Leaf::Input(i) = leaf { Some(*i) } else { None };
        let target = |leaf: &Leaf| if let Leaf::Target(i) = leaf { Some(*i) } else { None };
        let gradient =
            |leaf: &Leaf| if let Leaf::OutputGradient(i) = leaf { Some(*i) } else { None };
        if let Some(pattern) = ports(input, self.context.program.inputs.len()) {
            prelude.extend(quote!(let #pattern = inputs;));
        }
        if let Some(pattern) = ports(target, self.context.program.targets.len()) {
            prelude.extend(quote!(let #pattern = targets;));
        }
        if let Some(pattern) = ports(gradient, self.context.program.outputs.len()) {
            prelude.extend(quote!(let #pattern = d_outputs;));
        }
        let parameters = self.parameters(statements);
        if used.contains("layout") || !parameters.is_empty() {
            prelude.extend(quote!(let layout = <Self as #runtime::Network>::LAYOUT;));
        }
        prelude.extend(parameters);
        let slots: Vec<Ident> = (0..self.plan().slots.len()).map(slot_name).collect();
        if !slots.is_empty() {
            prelude.extend(quote!(let [#(#slots),*] = #runtime::slots(arena, n, #lens);));
        }
        let lengths = quote!(tile.lengths);
        let lengths = bind_lengths(self.context.program, &quote!(#prelude #statements), &lengths);
        prelude = quote!(#lengths #prelude);
        let mut after = HashSet::new();
        variables(prelude.clone(), &mut after);
        if used.contains("n") || after.contains("n") {
            prelude = quote!(let n = tile.samples; #prelude);
        }
        prelude
    }

    /// Returns `let` statements for the parameters that `statements` use, of the current loop or of
    /// the whole function.
    pub fn parameters(&self, statements: &TokenStream) -> TokenStream {
        let runtime = &self.context.runtime;
        let mut used = HashSet::new();
        variables(statements.clone(), &mut used);
        let here = self.region.map(|region| self.graph()[region].mirror.unwrap_or(region));
        let mut lets = TokenStream::new();
        for value in self.graph().values().filter(|value| self.graph()[*value].region == here) {
            let Op::Leaf(Leaf::Parameter(index)) = self.graph()[value].op else { continue };
            let name = &self.variables.names[&value];
            if !used.contains(&name.to_string()) {
                continue;
            }
            let index = Literal::usize_unsuffixed(index);
            lets.extend(match self.graph().depth_loops(here)[..] {
                [] => quote!(let #name = #runtime::part(parameters, layout, #index);),
                ref regions => {
                    let iteration = unparenthesised(&self.graph().iteration(regions));
                    quote!(let #name = #runtime::part_of_iteration(parameters, layout, #index, #iteration);)
                }
            });
        }
        lets
    }

    /// Returns `let` statements for the values that the step writes.
    pub fn places(&mut self, step: &Step) -> TokenStream {
        step.writes.iter().map(|value| self.define(*value)).collect()
    }

    /// Returns the `let` statement for a value that is written next, or for the value that it is a
    /// part of.
    pub(super) fn define(&mut self, value: Value) -> TokenStream {
        let whole = self.plan().whole(value);
        let is_there = self.has_parts(whole) && self.variables.names.contains_key(&whole);
        let is_gradient = matches!(self.plan().homes[&whole], Storage::Gradient(_));
        let mut definition = TokenStream::new();
        if !is_there && !is_gradient {
            let place = self.place(whole);
            definition = self.define_at(whole, &place);
        }
        if whole != value {
            // a part has the name of the whole
            self.variables.names.insert(value, self.variables.names[&whole].clone());
        }
        definition
    }

    /// Returns the `let` statement that binds a value to a given place.
    pub(super) fn define_at(&mut self, value: Value, place: &TokenStream) -> TokenStream {
        let wish = self.wish(value);
        let name = self.fresh(&wish);
        self.variables.names.insert(value, name.clone());
        quote!(let #name = #place;)
    }

    /// Returns the slice that a value is written to.
    pub fn place(&self, value: Value) -> TokenStream {
        match (self.plan().replaces.get(&value), self.plan().homes[&value]) {
            // a carried value is borrowed again in the next iteration
            (Some(replaced), _) if self.graph().is_carried(*replaced) => {
                let replaced = &self.variables.names[replaced];
                quote!(&mut *#replaced)
            }
            (Some(replaced), _) => {
                let replaced = &self.variables.names[replaced];
                quote!(#replaced)
            }
            (None, Storage::Output(index)) => {
                let output = output_name(index);
                quote!(&mut *#output)
            }
            (None, Storage::State(state)) => {
                let (state, len) = (&self.variables.states[&state], self.len(value));
                quote!(&mut #state[..#len])
            }
            (None, Storage::Slot(slot)) if self.is_stacked(value) => {
                self.place_of_iteration(slot, value)
            }
            (None, Storage::Slot(slot)) => {
                let (slot, len) = (slot_name(slot), self.len(value));
                quote!(&mut #slot[..#len])
            }
            _ => quote!(&mut []),
        }
    }

    /// Returns true if the iterations of a value are kept apart.
    pub fn is_stacked(&self, value: Value) -> bool {
        self.plan().stacks.contains_key(&value) && !self.graph().is_carried(value)
    }

    /// Returns the range of the current iteration in a slot that has one for each.
    pub fn place_of_iteration(&self, slot: usize, value: Value) -> TokenStream {
        let (runtime, slot, len) = (&self.context.runtime, slot_name(slot), self.len(value));
        let regions = &self.plan().stacks[&value];
        let iteration = unparenthesised(&self.graph().iteration(regions));
        quote!(#runtime::place_of_iteration(#slot, #iteration, #len))
    }

    /// Returns the number of rows, along the last axis, of all values of a type in the tile.
    pub fn count_rows(&self, ty: &Type) -> TokenStream {
        let n = &self.samples;
        match (ty.batched, ty.leading().constant()) {
            (true, Some(1)) => n.clone(),
            (true, _) => {
                let leading = ty.leading().tokens();
                quote!(#n * #leading)
            }
            (false, _) => unparenthesised(&ty.leading()),
        }
    }

    /// Returns the number of scalars of a value in the tile.
    pub fn len(&self, value: Value) -> TokenStream {
        let ty = self.graph().ty(value);
        let len = self.kept_len(value, ty.len());
        let n = &self.samples;
        match ty.len().constant() {
            Some(1) if ty.batched && !self.pass.schedule.kept.contains_key(&value) => n.clone(),
            _ if ty.batched => quote!(#n * #len),
            _ => unparenthesised(&ty.len()),
        }
    }

    /// Returns `len`, the length of a part of a value; as an expression that is 0 if the value is
    /// saved for an activation that does not need it.
    pub fn kept_len(&self, value: Value, len: Size) -> TokenStream {
        match self.pass.schedule.kept.get(&value) {
            Some((activation, _)) => {
                let need = SlotSize { len, batched: true, skip_if: Some(activation.clone()) };
                need_tokens(&self.context.runtime, &need, need.len.tokens())
            }
            None => len.tokens(),
        }
    }
}
