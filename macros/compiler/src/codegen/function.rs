//! The body of one pass: buffers, then a statement for each step.

use super::buffers::{output_name, slot_name, unparenthesised};
use super::loops::Loop;
use super::names::Names;
use super::rows::RowLoop;
use crate::fuse::{Root, Schedule, Step, StepKind};
use crate::ir::function::Function;
use crate::ir::kernel::Call;
use crate::ir::turns::Region;
use crate::ir::{Graph, Op, Pass as Direction, Value};
use crate::pass::{Pass, StreamPass};
use crate::plan::{Home, Plan};
use crate::program::Program;
use crate::size::length_name;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::{HashMap, HashSet};

/// Writes the statements of a pass.
pub struct Writer<'a> {
    pub(super) runtime: TokenStream,
    pub(super) scalar: TokenStream,
    pub(super) graph: &'a Graph,
    pub(super) schedule: &'a Schedule,
    pub(super) plan: &'a Plan,
    pub(super) program: &'a Program,
    comments: bool,
    pub(super) taken: Names,
    /// What values are called; a part of another is called as that.
    pub(super) names: HashMap<Value, Ident>,
    /// What a part is called where it is alone.
    pub(super) part_names: HashMap<Value, Ident>,
    pub(super) samples: TokenStream,
    /// How many rows a product is computed for, where not all at once.
    pub(super) some_rows: Option<TokenStream>,
    pub(super) tile: TokenStream,
    line: Option<(usize, Direction)>,
    pub(super) stored: HashSet<usize>,
    /// The names of what a stream keeps.
    pub(super) states: Vec<Ident>,
    /// The stream whose step this is.
    pub(super) stream: Option<&'a StreamPass>,
    /// What the function is for.
    pub(super) roots: &'a [Root],
    /// The loop whose turns are being written.
    pub(super) region: Option<Region>,
}

/// What all functions of a network share.
pub struct Context<'a> {
    /// The path of the runtime's hidden door.
    pub runtime: TokenStream,
    /// The scalar's type.
    pub scalar: Ident,
    /// The instruction set's type.
    pub simd: Ident,
    /// Names that are the user's.
    pub taken: Names,
    /// The network.
    pub program: &'a Program,
    /// Whether to put the source line before each operation.
    pub comments: bool,
}

/// The statements of a pass, ending with the sum of the losses if it has one.
pub fn body(context: &Context<'_>, pass: &Pass, slots: &TokenStream) -> TokenStream {
    write(context, pass, None, slots)
}

/// The statements of one step of a stream.
pub fn body_of_step(context: &Context<'_>, pass: &StreamPass, slots: &TokenStream) -> TokenStream {
    write(context, &pass.pass, Some(pass), slots)
}

fn write(
    context: &Context<'_>,
    pass: &Pass,
    stream: Option<&StreamPass>,
    slots: &TokenStream,
) -> TokenStream {
    let mut writer = Writer {
        runtime: context.runtime.clone(),
        scalar: {
            let scalar = &context.scalar;
            quote!(#scalar)
        },
        graph: &pass.graph,
        schedule: &pass.schedule,
        plan: &pass.plan,
        program: context.program,
        comments: context.comments,
        taken: context.taken.clone(),
        names: HashMap::new(),
        part_names: HashMap::new(),
        samples: quote!(n),
        some_rows: None,
        tile: quote!(tile),
        line: None,
        stored: HashSet::new(),
        states: Vec::new(),
        stream,
        roots: &pass.roots,
        region: None,
    };
    for reserved in [
        "n",
        "tile",
        "simd",
        "lane",
        "number",
        "parameters",
        "gradients",
        "inputs",
        "targets",
        "outputs",
        "d_outputs",
        "at",
        "arena",
        "layout",
        "states",
        "rows",
    ] {
        writer.taken.fresh(reserved);
    }
    for region in pass.graph.regions() {
        writer.taken.fresh(&pass.graph[region].index);
    }
    for length in &context.program.lengths {
        writer.taken.fresh(&length_name(&length.name).to_string());
    }
    for index in 0..pass.plan.slots.len() {
        writer.taken.fresh(&slot_name(index).to_string());
    }
    let results = context.program.outputs.len().max(context.program.inputs.len());
    for index in 0..results {
        writer.taken.fresh(&output_name(index).to_string());
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

impl Writer<'_> {
    /// A name that nothing else has.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        self.taken.fresh(wish)
    }

    /// What a value would best be called.
    pub fn wish(&self, value: Value) -> String {
        let node = &self.graph[value];
        if !node.name.is_empty() {
            return node.name.clone();
        }
        let noun = match node.op {
            Op::Scalar(Function::Expand) => match self.graph.known_number(node.operands[0]) {
                Some(0.0) => return "zeros".to_owned(),
                _ => "copy".to_owned(),
            },
            _ => node.op.noun(),
        };
        let is_gradient = node.pass == Direction::Backward
            && !node.ty.is_number()
            && !noun.ends_with("gradient")
            && noun != "kept";
        match (noun.is_empty(), is_gradient) {
            (true, _) => "value".to_owned(),
            (_, true) => format!("d_{noun}"),
            (_, false) => noun,
        }
    }

    /// Whether a value's variable is a mutable slice.
    pub fn is_mutable(&self, value: Value) -> bool {
        !matches!(self.graph[value].op, Op::Leaf(_))
            || matches!(self.plan.homes.get(&value), Some(Home::State(_)))
    }

    /// One statement, with the source line before it where it is another than before.
    pub(super) fn step(&mut self, step: &Step) -> TokenStream {
        let line = self.line;
        let comment = self.comment_of(step);
        let code = match &step.kind {
            StepKind::Number(value) => {
                let code = self.number_code(*value);
                let wish = self.wish(*value);
                let name = self.fresh(&wish);
                self.names.insert(*value, name.clone());
                quote!(let #name = #code;)
            }
            StepKind::Kernel(_) | StepKind::Accumulate { .. } => {
                let lets = self.places(step);
                let stacks = self.stacks(step);
                let call = self.call(step);
                quote!(#lets #stacks #call)
            }
            StepKind::Loop(members) => {
                let lets = self.places(step);
                let code = self.elementwise(members, step);
                quote!(#lets #code)
            }
            StepKind::Rows(rows) => {
                let lets = self.places(step);
                let code = RowLoop::new(self, rows, step).emit();
                quote!(#lets #code)
            }
            StepKind::Product { product, then } => self.epilogue(product, then),
            StepKind::Turns { region, steps, .. } => self.turns(*region, steps, step),
        };
        if code.is_empty() {
            // everything is where it belongs
            self.line = line;
            return code;
        }
        quote!(#comment #code)
    }

    /// The source line of what a step computes first.
    pub(super) fn comment_of(&mut self, step: &Step) -> TokenStream {
        let first = match &step.kind {
            StepKind::Rows(rows) => rows.members.first().copied(),
            kind => step.writes.first().copied().or(kind.values().first().copied()),
        };
        first.map(|value| self.comment(value)).unwrap_or_default()
    }

    /// The source line, as a marker that [`render`](crate::render) turns into a comment.
    pub(super) fn comment(&mut self, value: Value) -> TokenStream {
        let node = &self.graph[value];
        let line = (node.line, node.pass);
        if !self.comments || self.line == Some(line) || node.ty.is_number() {
            return TokenStream::new();
        }
        self.line = Some(line);
        let text = self.program.lines.get(node.line).map_or("", String::as_str);
        let text = match node.pass {
            Direction::Forward => format!(" {text}"),
            Direction::Backward => format!(" backward: {text}"),
        };
        let text = format!("{}{text}", crate::COMMENT);
        quote!(#[doc = #text])
    }

    /// The call of a step's kernel.
    pub(super) fn call(&mut self, step: &Step) -> TokenStream {
        let graph = self.graph;
        let (value, onto) = match step.kind {
            StepKind::Kernel(value) => (value, None),
            StepKind::Accumulate { kernel, onto } => (kernel, Some(onto)),
            _ => return TokenStream::new(),
        };
        let node = &graph[value];
        let Op::Kernel(kernel) = &node.op else { return TokenStream::new() };
        let result = step.writes.first().copied().unwrap_or(value);
        let first = node.operands.first().map(|operand| graph.base(*operand));
        let in_place =
            onto.is_none() && self.plan.replaces.get(&result).copied() == first && first.is_some();
        let mut operands = Vec::new();
        for operand in &node.operands {
            operands.push(if graph.ty(*operand).is_number() {
                let number = self.number(*operand);
                quote!(#number.value)
            } else if let Some(name) = self.names.get(&graph.base(*operand)) {
                quote!(#name)
            } else {
                // it stands where gradients are, and comes before this one: that is all
                quote!(())
            });
        }
        let runtime = self.runtime.clone();
        let (place, store) = match self.plan.homes.get(&result) {
            Some(Home::Gradient(parameter)) => self.gradient(*parameter),
            _ => {
                let name = &self.names[&result];
                let store = if onto.is_some() { quote!(Add) } else { quote!(Set) };
                (quote!(#name), quote!(#runtime::Store::#store))
            }
        };
        let simd = quote!(simd);
        kernel.call(&Call {
            runtime: &self.runtime,
            scalar: &self.scalar,
            simd: &simd,
            samples: &self.samples,
            some_rows: self.some_rows.as_ref(),
            tile: &self.tile,
            operands,
            types: node.operands.iter().map(|operand| graph.ty(*operand)).collect(),
            layouts: node.operands.iter().map(|operand| self.layout(*operand)).collect(),
            turn: self.turn(),
            result: place,
            ty: &node.ty,
            layout: self.layout(result),
            placed: node.operands.iter().map(|operand| self.is_placed(*operand, result)).collect(),
            in_place,
            store,
        })
    }

    /// A loop, with what it reads.
    fn elementwise(&mut self, members: &[Value], step: &Step) -> TokenStream {
        let (choices, restored) = self.choices(step);
        let code = self.loops(members, step);
        self.names.extend(restored);
        quote!(#choices #code)
    }

    /// Where an activation's slope is told from its output, the output is read instead of what was
    /// kept: `let` statements, and the names that hold again after the loop.
    pub(super) fn choices(&mut self, step: &Step) -> (TokenStream, Vec<(Value, Ident)>) {
        let runtime = self.runtime.clone();
        let mut choices = TokenStream::new();
        let mut restored = Vec::new();
        for read in &step.reads {
            if let Some((activation, output)) = self.schedule.kept.get(read) {
                let (path, kept, output) =
                    (&activation.path, &self.names[read], &self.names[output]);
                let name = self.taken.clone().fresh(&kept.to_string());
                choices.extend(quote! {
                    let #name = if #runtime::from_output::<#path>() { &*#output } else { &*#kept };
                });
                restored.push((*read, self.names[read].clone()));
                self.taken.fresh(&name.to_string());
                self.names.insert(*read, name);
            }
        }
        (choices, restored)
    }

    /// A loop, or two of which an activation chooses one.
    pub(super) fn loops(&mut self, members: &[Value], step: &Step) -> TokenStream {
        let runtime = self.runtime.clone();
        let conditional = step.writes.iter().find_map(|value| self.schedule.kept.get(value));
        if let Some((activation, _)) = conditional {
            let path = activation.path.clone();
            let mut from_output = Loop::new(self, members);
            from_output.from_output = true;
            let from_output = from_output.emit(step);
            let kept = Loop::new(self, members).emit(step);
            quote!(if #runtime::from_output::<#path>() { #from_output } else { #kept })
        } else {
            Loop::new(self, members).emit(step)
        }
    }

    /// What is left to do once everything of the present loop, or of the function, is computed.
    pub(super) fn results(&mut self) -> TokenStream {
        let runtime = self.runtime.clone();
        let mut tokens = TokenStream::new();
        let mut loss = TokenStream::new();
        let here = |root: &&Root| self.graph[root.value()].region == self.region;
        let roots: Vec<Root> = self.roots.iter().filter(here).cloned().collect();
        for root in roots {
            let value = self.graph.base(root.value());
            match root {
                Root::Output(index, _) => {
                    if self.plan.homes.get(&value) != Some(&Home::Output(index)) {
                        let (from, to) = (&self.names[&value], output_name(index));
                        tokens.extend(quote!(#runtime::copy::copy(#from, #to);));
                    }
                }
                Root::Loss(_) => {
                    let name = &self.names[&value];
                    loss = quote!(#runtime::reduce::sum_all(simd, #name));
                }
                Root::State { state, start, .. } => {
                    let (from, start) = (&self.names[&value], unparenthesised(&start));
                    let state = &self.states[state];
                    tokens.extend(quote!(#runtime::copy::put(#from, #state, #start);));
                }
                Root::Gradient(contribution) => {
                    let parameter = contribution.parameter;
                    if self.plan.homes.get(&contribution.value) != Some(&Home::Gradient(parameter))
                    {
                        let (place, store) = self.gradient(parameter);
                        let name = &self.names[&value];
                        tokens.extend(quote!(#runtime::copy::store(#name, #place, #store);));
                    }
                }
            }
        }
        quote!(#tokens #loss)
    }
}
