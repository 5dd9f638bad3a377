//! Loops over rows: numbers of the row in registers, loops over its elements, and reductions that
//! compute their operands themselves.

use super::body::Writer;
use super::buffers::unparenthesised;
use super::loops::{LoopBody, zipped};
use super::scalar::{ATOM, Code};
use crate::fuse::{Expression, RowAccess, RowPass, RowSlice, Rows, Step};
use crate::ir::kernel::Fold;
use crate::ir::{Graph, Op, Value};
use crate::size::Size;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::HashMap;

/// A loop over rows, while it is emitted.
pub struct RowLoop<'a, 'w> {
    writer: &'a mut Writer<'w>,
    rows: &'a Rows,
    step: &'a Step,
    /// The code that stands for the numbers of a row inside.
    bound: HashMap<Value, TokenStream>,
    /// The numbers of a row that scalar functions compute.
    singles: Vec<Value>,
}

impl<'a, 'w> RowLoop<'a, 'w> {
    /// Creates the loop of a step.
    pub fn new(writer: &'a mut Writer<'w>, rows: &'a Rows, step: &'a Step) -> Self {
        let graph = writer.graph();
        let is_single = |value: &Value| {
            matches!(graph[*value].op, Op::Scalar(_))
                && rows.row_access(graph, *value) == Some(RowAccess::Single)
        };
        let singles = rows.members.iter().copied().filter(is_single).collect();
        Self { writer, rows, step, bound: HashMap::new(), singles }
    }

    /// Emits the whole loop.
    pub fn emit(mut self) -> TokenStream {
        let runtime = self.writer.context.runtime.clone();
        for (value, row) in &self.rows.scratch_row {
            let row = self.writer.variables.names[row].clone();
            self.writer.variables.names.insert(*value, row);
        }
        let (patterns, sources) = self.streams();
        let (mut body, wholes) = self.cuts();
        body.extend(self.loads());
        for (index, pass) in self.rows.passes.iter().enumerate() {
            body.extend(self.pass(index, pass));
        }
        for value in &self.step.writes {
            if self.row_access(*value) == Some(RowAccess::Single) {
                let name = self.writer.variables.names[value].clone();
                let code = self.single(*value).at(ATOM);
                body.extend(quote!(*#name = #code.value;));
            }
        }
        self.writer.variables.names.extend(wholes);
        let (pattern, source) = zipped(&runtime, &patterns, &sources);
        quote!(for #pattern in #source { #body })
    }

    fn graph(&self) -> &'w Graph {
        self.writer.graph()
    }

    fn row_access(&self, value: Value) -> Option<RowAccess> {
        self.rows.row_access(self.graph(), value)
    }

    /// Returns the result that is written over `read`.
    fn replacing(&self, read: Value) -> Option<Value> {
        let replaces = &self.writer.plan().replaces;
        self.step.writes.iter().copied().find(|value| replaces.get(value) == Some(&read))
    }

    /// Returns the variable of a value's slice.
    fn name(&self, value: Value) -> Ident {
        self.writer.variables.names[&self.replacing(value).unwrap_or(value)].clone()
    }

    /// Returns the patterns and expressions of the slices that the loop runs along, row by row.
    fn streams(&self) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let runtime = &self.writer.context.runtime;
        let (mut patterns, mut sources) = (Vec::new(), Vec::new());
        for (index, value) in self.step.writes.iter().enumerate() {
            let whole = self.writer.plan().whole(*value);
            let before = &self.step.writes[..index];
            if before.iter().any(|other| self.writer.plan().whole(*other) == whole) {
                // several parts of one slice are cut out of one row of it
                continue;
            }
            let name = &self.writer.variables.names[value];
            patterns.push(quote!(#name));
            sources.push(match self.row_access(*value) {
                Some(RowAccess::Row) => {
                    let len = self.pitch(self.slice(*value));
                    quote!(#runtime::chunks_mut(&mut *#name, #len))
                }
                _ => quote!(&mut *#name),
            });
        }
        for read in self.step.reads.iter().filter(|read| self.replacing(**read).is_none()) {
            let name = &self.writer.variables.names[read];
            let slice = if self.writer.is_mutable(*read) { quote!(&*#name) } else { quote!(#name) };
            sources.push(match self.row_access(*read) {
                Some(RowAccess::Row) => {
                    let len = self.pitch(self.read_slice(*read));
                    quote!(#runtime::chunks(#slice, #len))
                }
                Some(RowAccess::Single) => slice,
                _ => continue,
            });
            patterns.push(quote!(#name));
        }
        (patterns, sources)
    }

    /// Returns the slice that contains the row of a value that is read as a part of another's memory.
    fn read_slice(&self, read: Value) -> Option<RowSlice> {
        let is_row = self.row_access(read) == Some(RowAccess::Row);
        self.operand(read).filter(|_| is_row).and_then(|operand| self.slice(operand))
    }

    /// Returns the slice that contains the row of a value with memory in that of another.
    fn slice(&self, value: Value) -> Option<RowSlice> {
        let whole = self.writer.window_of(value)?;
        self.rows.space.row_slice(&self.writer.layout(value), &whole)
    }

    /// Returns the distance from one row to the next in memory.
    fn pitch(&self, slice: Option<RowSlice>) -> TokenStream {
        slice.map_or_else(|| self.rows.space.len.tokens(), |slice| slice.len.tokens())
    }

    /// Returns the operand by which the members read a value: the value itself or a view of it.
    fn operand(&self, read: Value) -> Option<Value> {
        let graph = self.graph();
        let mut operands = self.rows.members.iter().flat_map(|member| &graph[*member].operands);
        operands.find(|operand| graph.base(**operand) == read).copied()
    }

    /// Returns `let` statements that cut rows out of the stretches that contain them, and the
    /// variables of these.
    fn cuts(&mut self) -> (TokenStream, Vec<(Value, Ident)>) {
        let (mut cuts, mut wholes) = (TokenStream::new(), Vec::new());
        let step = self.step;
        let mut parts: Vec<(Value, Size)> = Vec::new();
        for value in step.writes.iter().copied() {
            parts.extend(self.slice(value).map(|RowSlice { start, .. }| (value, start)));
        }
        while let Some((first, _)) = parts.first() {
            let whole = self.writer.plan().whole(*first);
            let of_whole =
                |(value, _): &mut (Value, Size)| self.writer.plan().whole(*value) == whole;
            let of_whole: Vec<(Value, Size)> = parts.extract_if(.., of_whole).collect();
            cuts.extend(self.cut_parts(whole, of_whole, &mut wholes));
        }
        for read in step.reads.iter().copied() {
            let Some(RowSlice { start, .. }) = self.read_slice(read) else { continue };
            let operand = self.operand(read).unwrap_or(read);
            let (name, whole) = self.cut_names(read, operand, false);
            let end = unparenthesised(&start.plus(&self.rows.space.len));
            let start = (start != Size::default()).then(|| unparenthesised(&start));
            cuts.extend(quote!(let #name = &#whole[#start..#end];));
            wholes.push((read, whole));
        }
        (cuts, wholes)
    }

    /// Gives a value the variable of its row, by the name of the `window` that it is cut as. Returns this
    /// variable and that of the whole.
    fn cut_names(&mut self, value: Value, window: Value, several: bool) -> (Ident, Ident) {
        let whole = self.writer.variables.names[&value].clone();
        let own = self.writer.name_of_window(window, several);
        let name = own.unwrap_or_else(|| whole.clone());
        self.writer.variables.names.insert(value, name.clone());
        (name, whole)
    }

    /// Returns `let` statements that cut the written parts of a row of `whole` out of it. Each starts
    /// where it starts in the row.
    fn cut_parts(
        &mut self,
        whole: Value,
        mut parts: Vec<(Value, Size)>,
        wholes: &mut Vec<(Value, Ident)>,
    ) -> TokenStream {
        let graph = self.graph();
        let position = |value: Value| {
            let operands = &graph[whole].operands;
            operands.iter().position(|operand| graph.base(*operand) == value)
        };
        parts.sort_by_key(|(value, _)| position(*value));
        let len = self.rows.space.len.clone();
        let (count, mut cuts, mut cut) = (parts.len(), TokenStream::new(), Size::default());
        for (index, (value, start)) in parts.into_iter().enumerate() {
            let (name, whole) = self.cut_names(value, value, count > 1);
            // from the end of the part before
            let (from, to) = (start.minus(&cut), start.plus(&len).minus(&cut));
            let from = (from != Size::default()).then(|| unparenthesised(&from));
            let to = unparenthesised(&to);
            cuts.extend(match (index + 1 < count, &from) {
                (true, None) => quote!(let (#name, #whole) = #whole.split_at_mut(#to);),
                (true, Some(from)) => quote! {
                    let (#name, #whole) = #whole.split_at_mut(#to);
                    let #name = &mut #name[#from..];
                },
                (false, from) => quote!(let #name = &mut #whole[#from..#to];),
            });
            cut = start.plus(&len);
            wholes.push((value, whole));
        }
        cuts
    }

    /// Returns `let` statements for the numbers of the row that are read from memory.
    fn loads(&mut self) -> TokenStream {
        let mut lets = TokenStream::new();
        let step = self.step;
        for read in step.reads.iter().copied() {
            if self.row_access(read) != Some(RowAccess::Single) {
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

    /// Returns true if a number of the row is needed by a single other number only.
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

    /// Creates a variable for a number of the row.
    fn local(&mut self, value: Value) -> Ident {
        let wish = self.writer.wish(value);
        let name = self.writer.fresh(&wish);
        self.bound.insert(value, quote!(#name));
        name
    }

    fn single(&mut self, value: Value) -> Code {
        let singles = self.singles.clone();
        let mut inside = LoopBody::new(self.writer, &singles);
        inside.bound = self.bound.clone();
        inside.value(value)
    }

    /// Emits a loop over the elements of the row.
    fn stores(&mut self, pass: usize, stores: &[Value]) -> TokenStream {
        let runtime = self.writer.context.runtime.clone();
        let expression = self.rows.stored(self.graph(), pass);
        let name = |value: &Value| (*value, self.writer.variables.names[value].clone());
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
        let mut inside = LoopBody::new(self.writer, &expression.members);
        inside.bound = bound;
        let body = inside.elements(loads, &stores);
        let (pattern, source) = zipped(&runtime, &patterns, &sources);
        quote!(for #pattern in #source { #body })
    }

    /// Returns the row of a value, to be read.
    fn row(&self, read: Value, name: &Ident) -> TokenStream {
        let scratch_row = self.rows.scratch_row.contains_key(&read);
        let written = self.step.writes.contains(&read) || self.replacing(read).is_some();
        let shared =
            self.row_access(read) == Some(RowAccess::Shared) && self.writer.is_mutable(read);
        if written || scratch_row || shared { quote!(&*#name) } else { quote!(#name) }
    }

    /// Returns the expression of a reduction of the row.
    fn reduction(&mut self, pass: usize, value: Value) -> TokenStream {
        let (graph, runtime) = (self.graph(), self.writer.context.runtime.clone());
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
        let mut inside = LoopBody::new(self.writer, &members);
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
