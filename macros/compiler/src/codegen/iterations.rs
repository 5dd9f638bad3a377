//! Loops of the network: a `for` over the iterations, with the loop-carried values.

use super::body::Writer;
use super::buffers::unparenthesised;
use super::names::{idents, slot_name};
use crate::fuse::Step;
use crate::ir::loops::Region;
use crate::ir::{Op, Value};
use crate::plan::Storage;
use crate::size::Size;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use std::collections::HashSet;

impl Writer<'_> {
    /// Emits the loop, and the statements before it.
    pub fn iterations(&mut self, region: Region, steps: &[Step], step: &Step) -> TokenStream {
        let before = self.beginnings(step);
        let around = self.region.replace(region);
        let saves = self.saves(region);
        let read_back = self.names_of_saves(region);
        let mut body: TokenStream = steps.iter().map(|step| self.step(step)).collect();
        body.extend(self.results());
        body.extend(self.collects(region));
        body.extend(self.go_on(region));
        let kept = self.kept_of_iteration(region, &body);
        self.variables.names.extend(read_back);
        let parameters = self.parameters(&body);
        self.region = around;

        let iterations = &self.graph()[region];
        let count = unparenthesised(&iterations.count);
        let range = match iterations.reversed {
            false => quote!(0..#count),
            true => {
                let runtime = &self.context.runtime;
                quote!(#runtime::rev(0..#count))
            }
        };
        let states = self.states_of_iteration(region, &body);
        let body = quote!(#parameters #states #saves #kept #body);
        let body = self.number_in_course(region, body);
        let mut used = HashSet::new();
        idents(body.clone(), &mut used);
        let index = match used.contains(&iterations.index) {
            true => Ident::new(&iterations.index, Span::call_site()),
            false => Ident::new("_", Span::call_site()),
        };
        quote!(#before for #index in #range { #body })
    }

    /// Returns the index of the current iteration among those of all enclosing loops, which is the
    /// same in a loop and its mirror.
    pub fn iteration(&self) -> Option<Size> {
        let mut around: Vec<Region> = self.graph().enclosing(self.region).collect();
        around.reverse();
        (!around.is_empty()).then(|| self.graph().number_of_iteration(&around))
    }

    /// Returns the body of a loop over a group, preceded by a `let` for the iteration number of the
    /// whole loop if that is used.
    fn number_in_course(&self, region: Region, body: TokenStream) -> TokenStream {
        let Some((name, number)) = self.graph().place_in_course(region) else { return body };
        let mut used = HashSet::new();
        idents(body.clone(), &mut used);
        if !used.contains(name) {
            return body;
        }
        let (name, number) = (Ident::new(name, Span::call_site()), unparenthesised(&number));
        quote!(let #name = #number; #body)
    }

    /// Returns `let` statements for carried and collected values, and copies of initial values into
    /// the first iteration.
    fn beginnings(&mut self, step: &Step) -> TokenStream {
        let runtime = self.context.runtime.clone();
        let mut lets = self.places(step);
        for value in step.writes.iter().filter(|value| self.graph().is_carried(**value)) {
            if !self.plan().replaces.contains_key(value) {
                let initial = self.graph().base(self.graph()[*value].operands[0]);
                let (from, to) = (&self.variables.names[&initial], &self.variables.names[value]);
                lets.extend(quote!(#runtime::copy::copy(#from, #to);));
            }
        }
        lets
    }

    /// Returns copies of carried values that are saved for the backward pass.
    fn saves(&self, region: Region) -> TokenStream {
        let runtime = &self.context.runtime;
        let saved = |value: &Value| self.plan().saves.get(value).map(|slot| (*value, *slot));
        let values = self.graph().values().filter(|v| self.graph()[*v].region == Some(region));
        let copies = values.filter_map(|value| saved(&value)).map(|(value, slot)| {
            let (from, to) = (&self.variables.names[&value], self.place_of_iteration(slot, value));
            quote!(#runtime::copy::copy(#from, #to);)
        });
        let copies: TokenStream = copies.collect();
        let groups = self.graph()[region].groups.as_ref().filter(|_| !copies.is_empty());
        let Some(groups) = groups else { return copies };
        // saves only the values at the beginning of a group
        let name = Ident::new(&groups.index, Span::call_site());
        let (before, len) = (self.graph().iterations_before(region).tokens(), groups.len.tokens());
        quote! {
            if #before % #len == 0 {
                let #name = #before / #len;
                #copies
            }
        }
    }

    /// Lets carried values of the forward loop be read where they were saved. Returns their names
    /// from before.
    fn names_of_saves(&mut self, region: Region) -> Vec<(Value, Ident)> {
        let mut before = Vec::new();
        let Some(forward) = self.graph()[region].mirror else { return before };
        for value in self.graph().values() {
            if self.plan().saves.contains_key(&value) && self.graph()[value].region == Some(forward)
            {
                before.push((value, self.variables.names[&value].clone()));
                let name = self.fresh(&format!("{}_before", self.wish(value)));
                self.variables.names.insert(value, name);
            }
        }
        before
    }

    /// Returns `let` statements for the values that the forward loop kept of the same iteration and
    /// `body` uses.
    fn kept_of_iteration(&self, region: Region, body: &TokenStream) -> TokenStream {
        let Some(forward) = self.graph()[region].mirror else { return TokenStream::new() };
        let mut used = HashSet::new();
        idents(body.clone(), &mut used);
        let mut lets = TokenStream::new();
        for value in self.graph().values().filter(|v| self.graph()[*v].region == Some(forward)) {
            let slot = match self.plan().saves.get(&value) {
                Some(slot) => *slot,
                None if self.is_stacked(value) => match self.plan().homes.get(&value) {
                    Some(Storage::Slot(slot)) => *slot,
                    _ => continue,
                },
                None => continue,
            };
            let name = &self.variables.names[&value];
            if used.contains(&name.to_string()) {
                let place = self.place_of_iteration(slot, value);
                lets.extend(quote!(let #name = #place;));
            }
        }
        lets
    }

    /// Returns `let` statements for the values of all iterations of earlier loops that the step
    /// reads.
    pub fn stacks(&mut self, step: &Step) -> TokenStream {
        let mut lets = TokenStream::new();
        for stack in &step.reads {
            let Some(value) = self.graph().stack_of(*stack) else { continue };
            if self.variables.names.contains_key(stack) {
                continue;
            }
            let slot = match (self.plan().saves.get(&value), self.plan().homes.get(&value)) {
                (Some(slot), _) | (None, Some(Storage::Slot(slot))) => slot_name(*slot),
                _ => continue,
            };
            let ended = self.graph().ended(value, self.region);
            let around = &self.plan().stacks[&value];
            let around = &around[..around.len() - ended.len()];
            let (runtime, len) = (&self.context.runtime, self.len(*stack));
            let place = match around {
                [] => quote!(&#slot[..#len]),
                around => {
                    let iteration = unparenthesised(&self.graph().iteration(around));
                    quote!(#runtime::place_of_iteration(#slot, #iteration, #len))
                }
            };
            let name = self.fresh(&format!("{}_iterations", self.wish(value)));
            lets.extend(quote!(let #name = #place;));
            self.variables.names.insert(*stack, name);
        }
        lets
    }

    /// Returns copies of the iteration's values into the sequences of all iterations.
    fn collects(&self, region: Region) -> TokenStream {
        let (graph, runtime, n) = (self.graph(), &self.context.runtime, &self.samples);
        let is_collected =
            |value: &Value| matches!(graph[*value].op, Op::Collect(r) if r == region);
        let collected = graph.values().filter(is_collected);
        let copies = collected.filter_map(|sequence| {
            let value = graph[sequence].operands[0];
            // a sequence that nothing reads has no memory
            let to = self.variables.names.get(&sequence)?;
            let from = &self.variables.names[&graph.base(value)];
            let len = graph.ty(value).len();
            let (iteration, count) = graph.course(region);
            let stride = unparenthesised(&count.times(&len));
            let offset = unparenthesised(&iteration.times(&len));
            let len = unparenthesised(&len);
            Some(quote! {
                #runtime::copy::copy_blocks(
                    #runtime::copy::BlockPairs {
                    count: #n,
                    len: #len,
                    from_start: 0,
                    from_stride: #len,
                    to_start: #offset,
                    to_stride: #stride,
                }, #from, #to, #runtime::Store::Set,
                );
            })
        });
        copies.collect()
    }

    /// Returns copies of the next carried values to where the next iteration reads them, unless
    /// they are there.
    fn go_on(&self, region: Region) -> TokenStream {
        let (graph, runtime) = (self.graph(), &self.context.runtime);
        let copies = graph[region].carried.iter().filter_map(|carried| {
            let next = graph.base(carried.next);
            let there = next == carried.value
                || self.plan().replaces.get(&next) == Some(&carried.value)
                || !self.variables.names.contains_key(&carried.value);
            let (from, to) =
                (self.variables.names.get(&next)?, self.variables.names.get(&carried.value)?);
            (!there).then(|| quote!(#runtime::copy::copy(#from, #to);))
        });
        copies.collect()
    }

    /// Returns the loops in which each iteration has a parameter of its own.
    fn loops_of(&self, parameter: usize) -> Vec<Region> {
        let leaf = self.context.program.parameters[parameter].value;
        self.graph().depth_loops(self.context.program.graph[leaf].region)
    }

    /// Returns the slice of a parameter in the buffer of the gradients, which holds the new value of
    /// a state.
    pub fn parameter_of_gradients(&self, parameter: usize) -> TokenStream {
        let runtime = &self.context.runtime;
        let index = Literal::usize_unsuffixed(parameter);
        match &self.loops_of(parameter)[..] {
            [] => quote!(#runtime::part_mut(gradients, layout, #index)),
            regions => {
                let iteration = unparenthesised(&self.graph().iteration(regions));
                quote!(#runtime::part_of_iteration_mut(gradients, layout, #index, #iteration))
            }
        }
    }

    /// Returns the slice for a contribution to a parameter's gradient, and the `Store` by which it
    /// replaces the content or is added to it.
    pub fn gradient(&mut self, parameter: usize) -> (TokenStream, TokenStream) {
        let runtime = self.context.runtime.clone();
        let own = self.loops_of(parameter);
        let place = self.parameter_of_gradients(parameter);
        if !self.stored.insert(parameter) {
            return (place, quote!(#runtime::Store::Add));
        }
        // iterations that share the parameter add to what the first of them stored
        let shared = self.graph().enclosing(self.region).filter(|region| {
            let forward = self.graph()[*region].mirror.unwrap_or(*region);
            let first = self.graph().first_course(forward);
            !own.contains(&first)
        });
        let later = shared.map(|region| {
            let iterations = &self.graph()[region];
            let (index, count) = (iterations.iteration().tokens(), iterations.count.tokens());
            if iterations.reversed { quote!(#index + 1 < #count) } else { quote!(#index > 0) }
        });
        let later: Vec<TokenStream> = later.collect();
        let store = match later.is_empty() {
            true => quote!(tile.store),
            false => quote!(#runtime::Store::after(tile.store, #(#later)||*)),
        };
        (place, store)
    }
}
