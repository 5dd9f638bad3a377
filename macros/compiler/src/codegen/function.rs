//! The body of one pass: buffers, then a statement for each step.

use super::buffers::{output_name, slot_name};
use super::names::Names;
use crate::ir::function::Function;
use crate::ir::loops::Region;
use crate::ir::{Direction, Graph, Op, Value};
use crate::pass::{Pass, StreamPass};
use crate::plan::{Plan, Storage};
use crate::program::Program;
use crate::reserved;
use crate::size::length_name;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::{HashMap, HashSet};

/// A writer of the statements of a pass.
pub struct Writer<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) scalar: TokenStream,
    pub(super) pass: &'a Pass,
    /// The stream, if this is the function of its step.
    pub(super) stream: Option<&'a StreamPass>,
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

/// The variables of a function.
pub struct Variables {
    /// The names that are taken.
    pub taken: Names,
    /// The variable of each value; a part of another value has the variable of that.
    pub names: HashMap<Value, Ident>,
    /// The variable of a part once it is cut out of the whole.
    pub part_names: HashMap<Value, Ident>,
    /// The names of a stream's states.
    pub states: Vec<Ident>,
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

/// Returns the statements of one step of a stream.
pub fn body_of_step(context: &Context<'_>, pass: &StreamPass, slots: &TokenStream) -> TokenStream {
    write(context, &pass.pass, Some(pass), slots)
}

fn write(
    context: &Context<'_>,
    pass: &Pass,
    stream: Option<&StreamPass>,
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
            states: Vec::new(),
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

    /// Returns a variable name that nothing else has.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        self.variables.taken.variable(wish)
    }

    /// Returns the preferred variable name of a value.
    pub fn wish(&self, value: Value) -> String {
        let node = &self.graph()[value];
        if !node.name.is_empty() {
            return node.name.clone();
        }
        if let Some(function) = node.function {
            return function.to_owned();
        }
        let noun = match node.op {
            Op::Scalar(Function::Expand) => match self.graph().known_number(node.operands[0]) {
                Some(0.0) => return "zeros".to_owned(),
                _ => "copy".to_owned(),
            },
            _ => node.op.noun(),
        };
        let is_gradient = node.direction == Direction::Backward
            && !node.ty.is_number()
            && !noun.ends_with("gradient")
            && noun != "kept";
        match (noun.is_empty(), is_gradient) {
            (true, _) => "value".to_owned(),
            (_, true) => format!("d_{noun}"),
            (_, false) => noun,
        }
    }

    /// Returns true if a value's variable is a mutable slice.
    pub fn is_mutable(&self, value: Value) -> bool {
        !matches!(self.graph()[value].op, Op::Leaf(_))
            || matches!(self.plan().homes.get(&value), Some(Storage::State(_)))
    }
}
