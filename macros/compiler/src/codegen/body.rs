//! The body of one pass: buffers, a statement for each step, and the results.

use super::buffers::unparenthesised;
use super::names::{Names, output_name, slot_name};
use super::variables::Variables;
use crate::ir::loops::Region;
use crate::ir::{Direction, Graph, Root};
use crate::pass::{Pass, StatePass};
use crate::plan::{Plan, Storage};
use crate::program::Program;
use crate::reserved;
use crate::size::length_name;
use crate::trace::courses;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::{HashMap, HashSet};

/// A writer of the statements of a pass.
pub struct Writer<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) scalar: TokenStream,
    pub(super) pass: &'a Pass,
    /// The pass with its states, if it is one of the streaming form.
    pub(super) stream: Option<&'a StatePass>,
    pub(super) variables: Variables,
    pub(super) samples: TokenStream,
    /// Number of rows that a product is computed for, if not all at once.
    pub(super) some_rows: Option<TokenStream>,
    pub(super) tile: TokenStream,
    /// The source line that was told last.
    pub(super) line: Option<(usize, Direction)>,
    /// The parameters whose gradients have been written.
    pub(super) stored: HashSet<usize>,
    /// The loop whose iterations are being emitted.
    pub(super) region: Option<Region>,
}

/// The context that all functions of a network share.
pub struct Context<'a> {
    /// The path of the runtime's hidden module.
    pub runtime: TokenStream,
    /// The name of the scalar's type parameter.
    pub scalar: Ident,
    /// The name of the instruction set's type parameter.
    pub simd: Ident,
    /// Names that the user's code has.
    pub taken: Names,
    /// The network.
    pub program: &'a Program,
    /// `true` to put the source line before each operation.
    pub comments: bool,
}

/// Returns the statements of a pass, ending with the sum of the losses if it has one.
pub fn body(context: &Context<'_>, pass: &Pass, slots: &TokenStream) -> TokenStream {
    write(context, pass, None, slots)
}

/// Returns the statements of a pass of the streaming form.
pub fn body_with_states(
    context: &Context<'_>,
    pass: &StatePass,
    slots: &TokenStream,
) -> TokenStream {
    write(context, &pass.pass, Some(pass), slots)
}

fn write(
    context: &Context<'_>,
    pass: &Pass,
    stream: Option<&StatePass>,
    slots: &TokenStream,
) -> TokenStream {
    let scalar = &context.scalar;
    let mut writer = Writer {
        context,
        scalar: quote!(#scalar),
        pass,
        stream,
        variables: Variables {
            taken: context.taken.clone(),
            names: HashMap::new(),
            part_names: HashMap::new(),
            states: HashMap::new(),
        },
        samples: quote!(n),
        some_rows: None,
        tile: quote!(tile),
        line: None,
        stored: HashSet::new(),
        region: None,
    };
    for reserved in reserved::NAMES {
        writer.variables.taken.fresh(reserved);
    }
    for region in pass.graph.regions() {
        writer.variables.taken.fresh(&pass.graph[region].index);
    }
    for length in &context.program.lengths {
        writer.variables.taken.fresh(&length_name(&length.name).to_string());
    }
    for index in 0..pass.plan.slots.len() {
        writer.variables.taken.fresh(&slot_name(index).to_string());
    }
    let results = context.program.outputs.len().max(context.program.inputs.len());
    for index in 0..results {
        writer.variables.taken.fresh(&output_name(index).to_string());
    }
    writer.name_leaves();
    let mut statements = TokenStream::new();
    for step in &pass.schedule.steps {
        statements.extend(writer.step(step));
    }
    statements.extend(writer.results());
    if let Some(stream) = stream {
        let states = writer.cut_states(stream, &statements);
        statements = quote!(#states #statements);
    }
    let prelude = writer.prelude(context, &statements, slots);
    quote!(#prelude #statements)
}

impl<'a> Writer<'a> {
    /// Returns the graph of the pass.
    pub(super) fn graph(&self) -> &'a Graph {
        &self.pass.graph
    }

    /// Returns the plan of the pass's memory.
    pub(super) fn plan(&self) -> &'a Plan {
        &self.pass.plan
    }
}

impl Writer<'_> {
    /// Emits the statements that remain once everything of the current loop, or of the function, is
    /// computed.
    pub(super) fn results(&mut self) -> TokenStream {
        let runtime = self.context.runtime.clone();
        let mut tokens = TokenStream::new();
        let mut loss = TokenStream::new();
        let here = |root: &&Root| self.graph()[root.value()].region == self.region;
        let roots: Vec<Root> = self.pass.roots.iter().filter(here).cloned().collect();
        for root in roots {
            let value = self.graph().base(root.value());
            match root {
                Root::Output(index, _) => {
                    if self.plan().homes.get(&value) != Some(&Storage::Output(index)) {
                        let (from, to) = (&self.variables.names[&value], output_name(index));
                        tokens.extend(quote!(#runtime::copy::copy(#from, #to);));
                    }
                }
                Root::Loss(_) => {
                    let name = &self.variables.names[&value];
                    loss = quote!(#runtime::reduce::sum_all(simd, #name));
                }
                Root::Trace(number, _) => {
                    let name = &self.variables.names[&value];
                    let number = Literal::usize_unsuffixed(number);
                    let iterations = courses(self.graph(), self.region);
                    let iterations = iterations.into_iter().map(|(_, size)| unparenthesised(&size));
                    tokens.extend(quote!(trace(#number, &[#(#iterations),*], #name);));
                }
                // written there directly
                Root::State { state, ring: None, .. }
                    if self.plan().homes.get(&value) == Some(&Storage::State(state)) => {}
                Root::State { state, ring, .. } => {
                    let from = &self.variables.names[&value];
                    let state = &self.variables.states[&state];
                    tokens.extend(match ring.map(|ring| ring.tokens(&runtime)) {
                        Some(ring) => quote!(#runtime::delay::keep(#ring, #from, #state);),
                        None => quote!(#runtime::copy::put(#from, #state, 0);),
                    });
                }
                Root::Assign(assignment) => {
                    let (from, to) = (
                        &self.variables.names[&value],
                        self.parameter_of_gradients(assignment.parameter),
                    );
                    tokens.extend(quote!(#runtime::copy::copy(#from, #to);));
                }
                Root::Gradient(contribution) => {
                    let parameter = contribution.parameter;
                    if self.plan().homes.get(&contribution.value)
                        != Some(&Storage::Gradient(parameter))
                    {
                        let (place, store) = self.gradient(parameter);
                        let name = &self.variables.names[&value];
                        tokens.extend(quote!(#runtime::copy::store(#name, #place, #store);));
                    }
                }
            }
        }
        quote!(#tokens #loss)
    }
}
