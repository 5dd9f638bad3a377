//! Elementwise loops: one pass over memory for many operations.

mod access;

use super::body::Writer;
use super::scalar::{ATOM, Code, apply};
use crate::fuse::Step;
use crate::ir::function::{Activation, Function};
use crate::ir::layout::Layout;
use crate::ir::{Op, Type, Value};
use crate::size::Size;
pub(super) use access::zipped;
use access::{Access, LoopNest};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashMap;

/// A loop over the elements of a type, while it is emitted.
pub struct LoopBody<'a, 'w> {
    writer: &'a mut Writer<'w>,
    members: &'a [Value],
    /// `true` if an activation computes its derivative from its output, so that nothing is saved.
    pub from_output: bool,
    /// The code that stands for each value in the loop.
    pub(super) bound: HashMap<Value, TokenStream>,
    /// The place in which each result is stored.
    stores: Vec<(Value, TokenStream)>,
}

/// The load of an element of a slice.
struct Load {
    /// The operands that are loaded.
    operands: Vec<Value>,
    /// The expression of the element.
    element: TokenStream,
    /// The name for the loaded element.
    name: Option<Ident>,
    /// `true` if a result is written over the element.
    is_overwritten: bool,
}

impl<'a, 'w> LoopBody<'a, 'w> {
    /// Creates a loop that computes `members`.
    pub fn new(writer: &'a mut Writer<'w>, members: &'a [Value]) -> Self {
        Self { writer, members, from_output: false, bound: HashMap::new(), stores: Vec::new() }
    }

    /// Emits the whole loop.
    pub fn emit(mut self, step: &Step) -> TokenStream {
        let ty = self.writer.graph().ty(self.members[0]).clone();
        let written: Vec<Value> =
            step.writes.iter().copied().filter(|v| !self.is_skipped(*v)).collect();
        let (nest, loads) = self.nest(&ty, step, &written);
        let body = self.body(&written, loads);
        nest.emit(body, &self.writer.context.runtime)
    }

    /// Returns true if a value is saved for an activation that computes its derivative from its
    /// output instead.
    fn is_skipped(&self, value: Value) -> bool {
        self.from_output && self.writer.pass.schedule.kept.contains_key(&value)
    }

    /// Returns the slices that the loop runs along, in a nest over their axes, and the loads from
    /// them.
    fn nest(&mut self, ty: &Type, step: &Step, written: &[Value]) -> (LoopNest, Vec<Load>) {
        let mut streams: Vec<Access> = Vec::new();
        for value in written {
            let stream = Access::new(
                self.writer.variables.names[value].clone(),
                &self.writer.layout(*value),
                ty,
            );
            let mut stream = stream.written(self.writer.window_of(*value));
            if let Some(name) = self.writer.name_of_window(*value, false) {
                stream.name = name;
            }
            streams.push(stream);
        }
        let (mut overwritten, mut read) = (Vec::new(), Vec::new());
        for base in &step.reads {
            let replaces = |v: &Value| self.writer.plan().replaces.get(v) == Some(base);
            if let Some(result) = written.iter().position(replaces) {
                // read from the place that the result is written to
                overwritten.push((
                    result,
                    self.operands_of(*base),
                    self.writer.variables.names[base].clone(),
                ));
                continue;
            }
            for (stream, operands) in self.windows(*base, ty) {
                read.push((streams.len(), operands));
                streams.push(stream);
            }
        }
        let nest = LoopNest::new(ty, streams);
        for (index, value) in written.iter().enumerate() {
            self.stores.push((*value, nest.element(index).0));
        }
        let overwritten = overwritten.into_iter().map(|(result, operands, name)| {
            let (element, name) = (nest.element(result).0, Some(name));
            Load { operands, element, name, is_overwritten: true }
        });
        let mut loads: Vec<Load> = overwritten.collect();
        loads.extend(read.into_iter().map(|(stream, operands)| {
            let (element, name) = nest.element(stream);
            Load { operands, element, name, is_overwritten: false }
        }));
        (nest, loads)
    }

    /// Returns the accesses to one slice, each with the operands that read it so.
    fn windows(&mut self, base: Value, ty: &Type) -> Vec<(Access, Vec<Value>)> {
        let mut windows: Vec<(Access, Vec<Value>)> = Vec::new();
        for operand in self.operands_of(base) {
            let stream = self.stream(base, operand, ty);
            match windows.iter_mut().find(|(other, _)| other.is_same(&stream)) {
                Some((_, operands)) => operands.push(operand),
                None => windows.push((stream, vec![operand])),
            }
        }
        let several = windows.len() > 1;
        for (stream, operands) in &mut windows {
            if let Some(name) = self.writer.name_of_window(operands[0], several) {
                stream.name = name;
            }
        }
        windows
    }

    /// Returns the access to an operand in the memory of its base.
    fn stream(&self, base: Value, operand: Value, ty: &Type) -> Access {
        let (graph, whole) = (self.writer.graph(), self.writer.variables.names[&base].clone());
        let is_mutable = self.writer.is_mutable(base);
        let own = graph.ty(operand);
        if let Some(window_of) = self.writer.window_of(operand) {
            let stream = Access::new(whole, &self.writer.layout(operand), ty);
            return stream.read(is_mutable, Some(window_of));
        }
        // in the sizes of the loop, which the macro may not know to be equal
        let size = |(axis, size): (usize, &Size)| {
            let same =
                (axis + ty.shape.len()).checked_sub(own.shape.len()).map(|axis| &ty.shape[axis]);
            same.filter(|_| *size != Size::one()).unwrap_or(size).clone()
        };
        let shape = own.shape.iter().enumerate().map(size).collect();
        let layout = Layout::of(&Type { shape, ..own.clone() });
        Access::new(whole, &layout, ty).read(is_mutable, None)
    }

    /// Returns the operands that are read from the memory of `base`.
    fn operands_of(&self, base: Value) -> Vec<Value> {
        let graph = self.writer.graph();
        let members = self.members.iter().filter(|member| !self.is_skipped(**member));
        let mut operands: Vec<Value> = members
            .flat_map(|member| &graph[*member].operands)
            .copied()
            .filter(|operand| graph.base(*operand) == base && !self.members.contains(operand))
            .collect();
        operands.sort();
        operands.dedup();
        operands
    }

    /// Emits the statements for each element.
    fn body(&mut self, written: &[Value], loads: Vec<Load>) -> TokenStream {
        let mut body = TokenStream::new();
        for Load { operands, element, name, is_overwritten } in loads {
            let mut load = quote!(lane(#element));
            // an element that is used more than once, or overwritten, is loaded first
            let uses: usize = operands.iter().map(|operand| self.uses(*operand)).sum();
            if uses > 1 || (is_overwritten && written.len() > 1) {
                let wish = name.as_ref().map_or_else(|| "x".to_owned(), ToString::to_string);
                let taken = |name: &Ident| {
                    let stores = self.stores.iter();
                    stores
                        .flat_map(|(_, place)| place.clone())
                        .any(|t| t.to_string() == *name.to_string())
                };
                let name = match name {
                    Some(name) if !taken(&name) => name,
                    _ => self.writer.fresh(&format!("{wish}_0")),
                };
                body.extend(quote!(let #name = #load;));
                load = quote!(#name);
            }
            self.bound.extend(operands.into_iter().map(|operand| (operand, load.clone())));
        }
        body.extend(self.locals(written));
        for (value, place) in std::mem::take(&mut self.stores) {
            let code = self.value(value).at(ATOM);
            body.extend(quote!(#place = #code.value;));
        }
        body
    }

    /// Emits the statements for each element of slices that are traversed together: `loads` and
    /// `stores` are values with the variables of their elements.
    pub(super) fn elements(
        &mut self,
        loads: Vec<(Value, Ident)>,
        stores: &[(Value, Ident)],
    ) -> TokenStream {
        let written: Vec<Value> = stores.iter().map(|(value, _)| *value).collect();
        let place = |name: &Ident| quote!(*#name);
        self.stores = stores.iter().map(|(value, name)| (*value, place(name))).collect();
        let loads = loads.into_iter().map(|(value, name)| Load {
            operands: vec![value],
            element: place(&name),
            is_overwritten: stores.iter().any(|(_, store)| *store == name),
            name: Some(self.writer.variables.names[&value].clone()),
        });
        let loads = loads.collect();
        self.body(&written, loads)
    }

    /// Emits variables for values that are used more than once; storing a value is a use.
    pub(super) fn locals(&mut self, stores: &[Value]) -> TokenStream {
        let mut lets = TokenStream::new();
        for member in self.members {
            if self.is_skipped(*member) {
                continue;
            }
            if let Some(keep) = self.kept_with(*member) {
                lets.extend(self.pair(*member, keep));
            } else if self.bound.contains_key(member) {
                // bound together with the output of its activation
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

    /// Returns the value that is saved of an activation in the same loop.
    fn kept_with(&self, member: Value) -> Option<Value> {
        let graph = self.writer.graph();
        let Op::Scalar(Function::Activate(activation)) = &graph[member].op else { return None };
        self.members.iter().copied().find(|other| {
            matches!(&graph[*other].op, Op::Scalar(Function::Save(a)) if a == activation)
                && graph[*other].operands == graph[member].operands
                && !self.is_skipped(*other)
        })
    }

    /// Emits an activation's output together with the value that is saved of it.
    fn pair(&mut self, output: Value, keep: Value) -> TokenStream {
        let Op::Scalar(Function::Activate(Activation { path, .. })) =
            &self.writer.graph()[output].op
        else {
            return TokenStream::new();
        };
        let path = path.clone();
        let runtime = self.writer.context.runtime.clone();
        let argument = self.operand(output, 0).tokens;
        let conditional = self.writer.pass.schedule.kept.contains_key(&keep);
        let (y, k) = (self.writer.fresh("y"), self.writer.fresh("slope"));
        self.bound.insert(output, quote!(#y));
        self.bound.insert(keep, quote!(#k));
        let function = match conditional {
            true => quote!(forward_and_derivative),
            false => quote!(value_and_kept),
        };
        quote!(let (#y, #k) = <#path as #runtime::Activation>::#function(#argument);)
    }

    fn uses(&self, value: Value) -> usize {
        let members = self.members.iter().filter(|member| !self.is_skipped(**member));
        members
            .flat_map(|member| &self.writer.graph()[*member].operands)
            .filter(|operand| **operand == value || self.is_view(**operand, value))
            .count()
    }

    /// Returns true if an operand is a view of a member.
    fn is_view(&self, operand: Value, member: Value) -> bool {
        self.members.contains(&member) && self.writer.graph().base(operand) == member
    }

    /// Returns the code of a value: its name, or its expression if it is used once.
    pub(super) fn value(&mut self, value: Value) -> Code {
        let base = self.writer.graph().base(value);
        if let Some(bound) = self.bound.get(&value).or_else(|| self.bound.get(&base)) {
            return Code::atom(bound.clone());
        }
        if self.members.contains(&base) {
            return self.member(base);
        }
        Code::atom(self.writer.number(value))
    }

    fn operand(&mut self, member: Value, index: usize) -> Code {
        let operand = self.writer.graph()[member].operands[index];
        self.value(operand)
    }

    /// Returns the expression of a member.
    fn member(&mut self, member: Value) -> Code {
        let Op::Scalar(function) = self.writer.graph()[member].op.clone() else {
            return Code::atom(TokenStream::new());
        };
        let operands: Vec<Code> = (0..self.writer.graph()[member].operands.len())
            .map(|i| self.operand(member, i))
            .collect();
        apply(&function, operands, &self.writer.context.runtime)
    }
}
