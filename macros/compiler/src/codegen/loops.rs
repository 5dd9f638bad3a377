//! Elementwise loops: one pass over memory for many operations.

use super::function::Writer;
use super::scalar::{ATOM, Code, apply};
use crate::fuse::Step;
use crate::ir::function::{Activation, Function};
use crate::ir::{Op, Type, Value};
use crate::size::Size;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashMap;

/// A loop over the elements of a type.
pub struct Loop<'a, 'w> {
    writer: &'a mut Writer<'w>,
    pub(super) members: &'a [Value],
    /// Whether an activation's derivative is told from its output, so that nothing is kept.
    pub from_output: bool,
    /// What the names of values stand for inside.
    pub(super) bound: HashMap<Value, TokenStream>,
}

/// A slice that the loop runs along.
pub(super) struct Stream {
    /// The slice, and the name of its element.
    pub(super) name: Ident,
    pub(super) is_written: bool,
    /// Whether the variable is a mutable slice, even where it is only read.
    pub(super) is_mutable: bool,
    /// For each group of axes, whether it has them.
    pub(super) present: Vec<bool>,
}

/// Neighbouring axes that every stream has or has not.
struct Axes {
    size: Size,
    batch: bool,
}

impl<'a, 'w> Loop<'a, 'w> {
    /// A loop that computes `members`.
    pub fn new(writer: &'a mut Writer<'w>, members: &'a [Value]) -> Self {
        Self { writer, members, from_output: false, bound: HashMap::new() }
    }

    /// The whole loop.
    pub fn emit(mut self, step: &Step) -> TokenStream {
        let ty = self.writer.graph.ty(self.members[0]).clone();
        let written: Vec<Value> =
            step.writes.iter().copied().filter(|v| !self.is_skipped(*v)).collect();
        let (groups, streams) = self.streams(&ty, step, &written);
        let body = self.body(step, &written, &streams);
        let runtime = self.writer.runtime.clone();
        let mut scalars = TokenStream::new();
        for stream in streams.iter().filter(|stream| !stream.present.contains(&true)) {
            let name = &stream.name;
            scalars.extend(quote!(let #name = &#name[0];));
        }
        let nest = self.nest(&groups, &streams, 0, body, &runtime);
        if scalars.is_empty() { nest } else { quote!({ #scalars #nest }) }
    }

    /// What was kept of an activation is not where its output tells the derivative.
    fn is_skipped(&self, value: Value) -> bool {
        self.from_output && self.writer.schedule.kept.contains_key(&value)
    }

    /// The slices that the loop runs along, and the axes that they share.
    fn streams(&mut self, ty: &Type, step: &Step, written: &[Value]) -> (Vec<Axes>, Vec<Stream>) {
        let mut streams: Vec<Stream> = Vec::new();
        let axes = ty.shape.len();
        for value in written {
            let name = self.writer.names[value].clone();
            let present = vec![true; axes + 1];
            streams.push(Stream { name, is_written: true, is_mutable: true, present });
        }
        for read in &step.reads {
            let Some(operand) = self.operand_of(*read) else { continue };
            let name = self.writer.names[read].clone();
            let name = match written.iter().find(|v| self.writer.plan.replaces.get(v) == Some(read))
            {
                // read from where the result is written
                Some(result) => {
                    let name = self.writer.names[result].clone();
                    self.bind_load(*read, &name);
                    continue;
                }
                None => name,
            };
            self.bind_load(*read, &name);
            let operand = self.writer.graph.ty(operand).clone();
            let mut present = vec![operand.batched];
            for axis in 0..axes {
                let own =
                    (axis + operand.shape.len()).checked_sub(axes).map(|axis| &operand.shape[axis]);
                present.push(own.is_some_and(|size| *size != Size::one()));
            }
            let is_mutable = self.writer.is_mutable(*read);
            streams.push(Stream { name, is_written: false, is_mutable, present });
        }
        let groups = self.group(ty, &mut streams);
        (groups, streams)
    }

    /// An operand that is read from this memory, to see its shape.
    fn operand_of(&self, read: Value) -> Option<Value> {
        let graph = self.writer.graph;
        let skipped: Vec<Value> =
            self.members.iter().copied().filter(|v| self.is_skipped(*v)).collect();
        self.members
            .iter()
            .filter(|member| !skipped.contains(member))
            .flat_map(|member| &graph[*member].operands)
            .copied()
            .find(|operand| graph.base(*operand) == read && !self.members.contains(operand))
    }

    fn bind_load(&mut self, read: Value, name: &Ident) {
        let graph = self.writer.graph;
        let operands = self.members.iter().flat_map(|member| &graph[*member].operands);
        for operand in operands.copied().filter(|operand| graph.base(*operand) == read) {
            self.bound.insert(operand, quote!(lane(*#name)));
        }
    }

    /// Merges neighbouring axes that all streams treat alike, and drops axes of size 1.
    fn group(&self, ty: &Type, streams: &mut [Stream]) -> Vec<Axes> {
        let mut groups: Vec<Axes> = Vec::new();
        let mut columns: Vec<Vec<bool>> = Vec::new();
        for axis in 0..=ty.shape.len() {
            let batch = axis == 0;
            if (batch && !ty.batched) || (!batch && ty.shape[axis - 1] == Size::one()) {
                continue;
            }
            let size = if batch { Size::one() } else { ty.shape[axis - 1].clone() };
            let column: Vec<bool> = streams.iter().map(|stream| stream.present[axis]).collect();
            if columns.last() == Some(&column)
                && let Some(last) = groups.last_mut()
            {
                last.size = last.size.times(&size);
            } else {
                groups.push(Axes { size, batch });
                columns.push(column);
            }
        }
        if groups.is_empty() {
            groups.push(Axes { size: Size::one(), batch: false });
            columns.push(vec![true; streams.len()]);
        }
        for (index, stream) in streams.iter_mut().enumerate() {
            stream.present = columns.iter().map(|column| column[index]).collect();
        }
        groups
    }

    /// The loops over groups of axes, from the outermost.
    fn nest(
        &self,
        groups: &[Axes],
        streams: &[Stream],
        level: usize,
        body: TokenStream,
        runtime: &TokenStream,
    ) -> TokenStream {
        let mut patterns = Vec::new();
        let mut sources = Vec::new();
        for stream in streams.iter().filter(|stream| stream.present[level]) {
            let name = &stream.name;
            // what one index of this level spans in the stream
            let inner: Vec<&Axes> = (level + 1..groups.len())
                .filter(|l| stream.present[*l])
                .map(|l| &groups[l])
                .collect();
            // the slice itself, which is needed again
            let is_whole = !stream.present[..level].contains(&true);
            let source = match (stream.is_written, stream.is_mutable) {
                (true, _) => quote!(&mut *#name),
                (false, true) if is_whole => quote!(&*#name),
                _ => quote!(#name),
            };
            patterns.push(quote!(#name));
            sources.push(if inner.is_empty() {
                source
            } else {
                let len = self.span(&inner);
                let chunks = if stream.is_written { quote!(chunks_mut) } else { quote!(chunks) };
                quote!(#runtime::#chunks(#source, #len))
            });
        }
        let inner = match level + 1 == groups.len() {
            true => body,
            false => self.nest(groups, streams, level + 1, body, runtime),
        };
        let (pattern, source) = zipped(runtime, &patterns, &sources);
        quote!(for #pattern in #source { #inner })
    }

    fn span(&self, axes: &[&Axes]) -> TokenStream {
        let size = axes.iter().fold(Size::one(), |size, axes| size.times(&axes.size)).tokens();
        if axes.iter().any(|axes| axes.batch) {
            let samples = &self.writer.samples;
            return quote!(#samples * #size);
        }
        size
    }

    /// What is done for each element.
    fn body(&mut self, step: &Step, written: &[Value], streams: &[Stream]) -> TokenStream {
        let loads: Vec<Value> = self.bound.keys().copied().collect();
        let stores: Vec<Value> =
            step.writes.iter().copied().filter(|value| written.contains(value)).collect();
        self.elements(&loads, &stores, streams)
    }

    /// What is done for each element, where `loads` are bound to their places in memory.
    pub(super) fn elements(
        &mut self,
        loads: &[Value],
        stores: &[Value],
        streams: &[Stream],
    ) -> TokenStream {
        let mut body = TokenStream::new();
        // what is used more than once, or overwritten, is loaded first
        let mut named: Vec<(Value, Ident)> = Vec::new();
        for value in loads {
            let read = self.writer.graph.base(*value);
            let place = self.bound[value].to_string();
            let is_here = |name: &Ident| quote!(lane(*#name)).to_string() == place;
            let overwritten = stores.iter().any(|store| is_here(&self.writer.names[store]));
            if self.uses(*value) > 1 || (overwritten && stores.len() > 1) {
                let name = self.writer.names[&read].clone();
                named.push((*value, name));
            }
        }
        named.sort_by_key(|(value, _)| *value);
        for (value, name) in named {
            let load = self.bound[&value].clone();
            let taken = streams.iter().any(|stream| stream.is_written && stream.name == name);
            let name = if taken { self.writer.fresh(&format!("{name}_0")) } else { name };
            body.extend(quote!(let #name = #load;));
            self.bound.insert(value, quote!(#name));
        }
        body.extend(self.locals(stores));
        for value in stores {
            let name = self.writer.names[value].clone();
            let code = self.value(*value).at(ATOM);
            body.extend(quote!(*#name = #code.value;));
        }
        body
    }

    /// Variables for what is used more than once; what is stored is used by that as well.
    pub(super) fn locals(&mut self, stores: &[Value]) -> TokenStream {
        let mut lets = TokenStream::new();
        for member in self.members {
            if self.is_skipped(*member) {
                continue;
            }
            if let Some(keep) = self.kept_with(*member) {
                lets.extend(self.pair(*member, keep));
            } else if self.bound.contains_key(member) {
                // bound together with its twin
            } else if self.uses(*member) + usize::from(stores.contains(member)) > 1 {
                let code = self.member(*member).tokens;
                let wish = self.writer.wish(*member);
                let name = self.writer.fresh(&wish);
                lets.extend(quote!(let #name = #code;));
                self.bound.insert(*member, quote!(#name));
            }
        }
        lets
    }

    /// What is kept of an activation in the same loop.
    fn kept_with(&self, member: Value) -> Option<Value> {
        let graph = self.writer.graph;
        let Op::Scalar(Function::Activate(activation)) = &graph[member].op else { return None };
        self.members.iter().copied().find(|other| {
            matches!(&graph[*other].op, Op::Scalar(Function::Keep(a)) if a == activation)
                && graph[*other].operands == graph[member].operands
                && !self.is_skipped(*other)
        })
    }

    /// An activation's output together with what is kept of it.
    fn pair(&mut self, output: Value, keep: Value) -> TokenStream {
        let Op::Scalar(Function::Activate(Activation { path, .. })) = &self.writer.graph[output].op
        else {
            return TokenStream::new();
        };
        let path = path.clone();
        let runtime = self.writer.runtime.clone();
        let argument = self.operand(output, 0).tokens;
        let conditional = self.writer.schedule.kept.contains_key(&keep);
        let (y, k) = (self.writer.fresh("y"), self.writer.fresh("slope"));
        self.bound.insert(output, quote!(#y));
        self.bound.insert(keep, quote!(#k));
        let function = if conditional { quote!(value_and_slope) } else { quote!(value_and_kept) };
        quote!(let (#y, #k) = #runtime::#function::<#path, _>(#argument);)
    }

    fn uses(&self, value: Value) -> usize {
        let members = self.members.iter().filter(|member| !self.is_skipped(**member));
        members
            .flat_map(|member| &self.writer.graph[*member].operands)
            .filter(|operand| **operand == value || self.is_view(**operand, value))
            .count()
    }

    /// Whether an operand is a view of a member.
    fn is_view(&self, operand: Value, member: Value) -> bool {
        self.members.contains(&member) && self.writer.graph.base(operand) == member
    }

    /// The code of a value: its name, or its expression where it is used once.
    pub(super) fn value(&mut self, value: Value) -> Code {
        let base = self.writer.graph.base(value);
        if let Some(bound) = self.bound.get(&value).or_else(|| self.bound.get(&base)) {
            return Code::atom(bound.clone());
        }
        if self.members.contains(&base) {
            return self.member(base);
        }
        Code::atom(self.writer.number(value))
    }

    fn operand(&mut self, member: Value, index: usize) -> Code {
        let operand = self.writer.graph[member].operands[index];
        self.value(operand)
    }

    /// The expression of a member.
    fn member(&mut self, member: Value) -> Code {
        let Op::Scalar(function) = self.writer.graph[member].op.clone() else {
            return Code::atom(TokenStream::new());
        };
        let operands: Vec<Code> = (0..self.writer.graph[member].operands.len())
            .map(|i| self.operand(member, i))
            .collect();
        apply(&function, operands, &self.writer.runtime)
    }
}

/// Several iterators as one, and the pattern that takes it apart.
pub(super) fn zipped(
    runtime: &TokenStream,
    patterns: &[TokenStream],
    sources: &[TokenStream],
) -> (TokenStream, TokenStream) {
    match (patterns, sources) {
        ([pattern], [source]) => (pattern.clone(), source.clone()),
        ([pattern, patterns @ ..], [source, sources @ ..]) => {
            let (rest, others) = zipped(runtime, patterns, sources);
            (quote!((#pattern, #rest)), quote!(#runtime::zip(#source, #others)))
        }
        _ => (quote!(()), quote!([()])),
    }
}
