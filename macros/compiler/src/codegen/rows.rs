//! Loops over rows: numbers of the row in registers, loops over its elements, and reductions that
//! compute what they reduce.

use super::buffers::unparenthesised;
use super::function::Writer;
use super::loops::{Loop, zipped};
use super::scalar::{ATOM, Code};
use crate::fuse::{Expression, Extent, RowPass, Rows, Step, Stretch};
use crate::ir::kernel::Fold;
use crate::ir::{Graph, Op, Value};
use crate::size::Size;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::HashMap;

/// A loop over rows as it is written down.
pub struct RowLoop<'a, 'w> {
    writer: &'a mut Writer<'w>,
    rows: &'a Rows,
    step: &'a Step,
    /// What the numbers of a row are called inside.
    bound: HashMap<Value, TokenStream>,
    /// Numbers of a row that are computed where they are needed, once.
    singles: Vec<Value>,
}

impl<'a, 'w> RowLoop<'a, 'w> {
    /// The loop of a step.
    pub fn new(writer: &'a mut Writer<'w>, rows: &'a Rows, step: &'a Step) -> Self {
        let graph = writer.graph;
        let is_single = |value: &Value| {
            matches!(graph[*value].op, Op::Scalar(_))
                && rows.extent(graph, *value) == Some(Extent::Single)
        };
        let singles = rows.members.iter().copied().filter(is_single).collect();
        Self { writer, rows, step, bound: HashMap::new(), singles }
    }

    /// The whole loop.
    pub fn emit(mut self) -> TokenStream {
        let runtime = self.writer.runtime.clone();
        for (value, row) in &self.rows.borrowed {
            let row = self.writer.names[row].clone();
            self.writer.names.insert(*value, row);
        }
        let (patterns, sources) = self.streams();
        let (mut body, wholes) = self.cuts();
        body.extend(self.loads());
        for (index, pass) in self.rows.passes.iter().enumerate() {
            body.extend(self.pass(index, pass));
        }
        for value in &self.step.writes {
            if self.extent(*value) == Some(Extent::Single) {
                let name = self.writer.names[value].clone();
                let code = self.single(*value).at(ATOM);
                body.extend(quote!(*#name = #code.value;));
            }
        }
        self.writer.names.extend(wholes);
        let (pattern, source) = zipped(&runtime, &patterns, &sources);
        quote!(for #pattern in #source { #body })
    }

    fn graph(&self) -> &'w Graph {
        self.writer.graph
    }

    fn extent(&self, value: Value) -> Option<Extent> {
        self.rows.extent(self.graph(), value)
    }

    /// The result that is written over what is read.
    fn replacing(&self, read: Value) -> Option<Value> {
        let replaces = &self.writer.plan.replaces;
        self.step.writes.iter().copied().find(|value| replaces.get(value) == Some(&read))
    }

    /// What the slice of a value is called.
    fn name(&self, value: Value) -> Ident {
        self.writer.names[&self.replacing(value).unwrap_or(value)].clone()
    }

    /// The slices that the loop runs along, row by row.
    fn streams(&self) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let runtime = &self.writer.runtime;
        let len = self.rows.space.len.tokens();
        let (mut patterns, mut sources) = (Vec::new(), Vec::new());
        for value in &self.step.writes {
            let name = &self.writer.names[value];
            patterns.push(quote!(#name));
            sources.push(match self.extent(*value) {
                Some(Extent::Row) => quote!(#runtime::chunks_mut(&mut *#name, #len)),
                _ => quote!(&mut *#name),
            });
        }
        for read in self.step.reads.iter().filter(|read| self.replacing(**read).is_none()) {
            let name = &self.writer.names[read];
            let slice = if self.writer.is_mutable(*read) { quote!(&*#name) } else { quote!(#name) };
            sources.push(match self.extent(*read) {
                Some(Extent::Row) => {
                    let len =
                        self.stretch(*read).map_or(len.clone(), |stretch| stretch.len.tokens());
                    quote!(#runtime::chunks(#slice, #len))
                }
                Some(Extent::Single) => slice,
                _ => continue,
            });
            patterns.push(quote!(#name));
        }
        (patterns, sources)
    }

    /// What the row of a value is a part of, where that is read as a part of another's memory.
    fn stretch(&self, read: Value) -> Option<Stretch> {
        let operand = self.operand(read).filter(|_| self.extent(read) == Some(Extent::Row))?;
        let whole = self.writer.window_of(operand)?;
        self.rows.space.stretch(&self.writer.layout(operand), &whole)
    }

    /// As what a value is read.
    fn operand(&self, read: Value) -> Option<Value> {
        let graph = self.graph();
        let mut operands = self.rows.members.iter().flat_map(|member| &graph[*member].operands);
        operands.find(|operand| graph.base(**operand) == read).copied()
    }

    /// `let` statements that cut rows out of what they are a part of, and the names of that.
    fn cuts(&mut self) -> (TokenStream, Vec<(Value, Ident)>) {
        let (mut cuts, mut wholes) = (TokenStream::new(), Vec::new());
        let step = self.step;
        for read in step.reads.iter().copied() {
            let Some(Stretch { start, .. }) = self.stretch(read) else { continue };
            let whole = self.writer.names[&read].clone();
            let own = self.operand(read).and_then(|v| self.writer.name_of_window(v, false));
            let name = own.unwrap_or_else(|| whole.clone());
            let end = unparenthesised(&start.plus(&self.rows.space.len));
            let start = (start != Size::default()).then(|| unparenthesised(&start));
            cuts.extend(quote!(let #name = &#whole[#start..#end];));
            self.writer.names.insert(read, name);
            wholes.push((read, whole));
        }
        (cuts, wholes)
    }

    /// Numbers of the row that are read from memory.
    fn loads(&mut self) -> TokenStream {
        let mut lets = TokenStream::new();
        let step = self.step;
        for read in step.reads.iter().copied() {
            if self.extent(read) != Some(Extent::Single) {
                continue;
            }
            let name = self.name(read);
            let load = quote!(lane(*#name));
            let overwritten = self.replacing(read).is_some();
            let code = if self.uses(read) > 1 || overwritten {
                let local = match overwritten {
                    true => self.writer.fresh(&format!("{name}_0")),
                    false => name,
                };
                lets.extend(quote!(let #local = #load;));
                quote!(#local)
            } else {
                load
            };
            self.bound.insert(read, code);
        }
        lets
    }

    fn uses(&self, value: Value) -> usize {
        let graph = self.graph();
        let operands = self.rows.members.iter().flat_map(|member| &graph[*member].operands);
        operands.filter(|operand| graph.base(**operand) == value).count()
    }

    /// Whether a number of the row is needed by one other number alone.
    fn is_part(&self, value: Value) -> bool {
        let graph = self.graph();
        let of = |user: &&Value| graph[**user].operands.iter().any(|v| graph.base(*v) == value);
        self.uses(value) == 1
            && !self.step.writes.contains(&value)
            && self.singles.iter().any(|user| of(&user))
    }

    fn pass(&mut self, index: usize, pass: &RowPass) -> TokenStream {
        let mut code = TokenStream::new();
        for value in &pass.singles {
            let once = self.uses(*value) == 0;
            if !once && !self.is_part(*value) {
                let comment = self.writer.comment(*value);
                let expression = self.single(*value).tokens;
                let name = self.local(*value);
                code.extend(quote!(#comment let #name = #expression;));
            }
        }
        if !pass.stores.is_empty() {
            let comment = self.writer.comment(pass.stores[0]);
            let stores = self.stores(index, &pass.stores);
            code.extend(quote!(#comment #stores));
        }
        for value in &pass.reductions {
            let comment = self.writer.comment(*value);
            let reduced = self.reduction(index, *value);
            let name = self.local(*value);
            code.extend(quote!(#comment let #name = #reduced;));
        }
        code
    }

    /// A variable for a number of the row.
    fn local(&mut self, value: Value) -> Ident {
        let wish = self.writer.wish(value);
        let name = self.writer.fresh(&wish);
        self.bound.insert(value, quote!(#name));
        name
    }

    fn single(&mut self, value: Value) -> Code {
        let singles = self.singles.clone();
        let mut inside = Loop::new(self.writer, &singles);
        inside.bound = self.bound.clone();
        inside.value(value)
    }

    /// A loop over the elements of the row.
    fn stores(&mut self, pass: usize, stores: &[Value]) -> TokenStream {
        let runtime = self.writer.runtime.clone();
        let expression = self.rows.stored(self.graph(), pass);
        let name = |value: &Value| (*value, self.writer.names[value].clone());
        let stores: Vec<(Value, Ident)> = stores.iter().map(name).collect();
        let (mut patterns, mut sources) = (Vec::new(), Vec::new());
        for (_, name) in &stores {
            patterns.push(quote!(#name));
            sources.push(quote!(&mut *#name));
        }
        let mut loads = Vec::new();
        for read in &expression.reads {
            let name = self.name(*read);
            if stores.iter().all(|(_, store)| *store != name) {
                patterns.push(quote!(#name));
                sources.push(self.row(*read, &name));
            }
            loads.push((*read, name));
        }
        let bound = self.bound.clone();
        let mut inside = Loop::new(self.writer, &expression.members);
        inside.bound = bound;
        let body = inside.elements(loads, &stores);
        let (pattern, source) = zipped(&runtime, &patterns, &sources);
        quote!(for #pattern in #source { #body })
    }

    /// The row of a value, to be read.
    fn row(&self, read: Value, name: &Ident) -> TokenStream {
        let borrowed = self.rows.borrowed.contains_key(&read);
        let written = self.step.writes.contains(&read) || self.replacing(read).is_some();
        let shared = self.extent(read) == Some(Extent::Shared) && self.writer.is_mutable(read);
        if written || borrowed || shared { quote!(&*#name) } else { quote!(#name) }
    }

    /// What the row is reduced to.
    fn reduction(&mut self, pass: usize, value: Value) -> TokenStream {
        let (graph, runtime) = (self.graph(), self.writer.runtime.clone());
        let Expression { members, reads } = self.rows.reduced(graph, pass, value);
        let names: Vec<Ident> = reads.iter().map(|read| self.name(*read)).collect();
        let rows = reads.iter().zip(&names).map(|(read, name)| self.row(*read, name));
        let rows: Vec<TokenStream> = rows.collect();
        let fold = match &graph[value].op {
            Op::Kernel(kernel) => kernel.reduction(graph.ty(graph[value].operands[0])),
            _ => None,
        };
        let fold_name = match fold.map_or(Fold::Sum, |reduction| reduction.fold) {
            Fold::Sum => "sum",
            Fold::Norm => "norm",
            Fold::Max => "max",
            Fold::Min => "min",
            Fold::LogSumExp => "logsumexp",
        };
        let fold = Ident::new(fold_name, Span::call_site());
        let mut inside = Loop::new(self.writer, &members);
        inside.bound = self.bound.clone();
        inside.bound.extend(reads.iter().zip(&names).map(|(read, name)| (*read, quote!(#name))));
        let lets = inside.locals(&[]);
        let term = inside.value(graph[value].operands[0]).tokens;
        if members.is_empty() && names.len() == 1 && matches!(fold_name, "sum" | "max" | "min") {
            let (all, row) = (Ident::new(&format!("{fold_name}_all"), Span::call_site()), &rows[0]);
            return quote!(#runtime::rows::#all(simd, #row));
        }
        let term = if lets.is_empty() { term } else { quote!({ #lets #term }) };
        quote!(#runtime::rows::#fold(simd, [#(#rows),*], |[#(#names),*]| #term))
    }
}
