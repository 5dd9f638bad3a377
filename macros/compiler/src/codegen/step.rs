//! The statement of each step; for a product with the loop over its result, some rows or samples at a
//! time.

use super::body::Writer;
use super::buffers::unparenthesised;
use super::loops::LoopBody;
use super::rows::RowLoop;
use crate::fuse::{Pieces, Step, StepKind, pieces};
use crate::ir::kernel::{Call, Piece};
use crate::ir::{Direction, Op, Value};
use crate::plan::Storage;
use crate::size::without_parentheses;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Writer<'_> {
    /// Emits one statement, with the source line before it if that has changed.
    pub(super) fn step(&mut self, step: &Step) -> TokenStream {
        let line = self.line;
        let comment = self.comment_of(step);
        let code = match &step.kind {
            StepKind::Number(value) => {
                let code = self.number_code(*value);
                let wish = self.wish(*value);
                let name = self.fresh(&wish);
                self.variables.names.insert(*value, name.clone());
                quote!(let #name = #code;)
            }
            StepKind::Kernel(_) | StepKind::Accumulate { .. } => {
                let lets = self.places(step);
                let stacks = self.stacks(step);
                let call = self.call(step);
                quote!(#lets #stacks #call)
            }
            StepKind::Elementwise(members) => {
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
            StepKind::Loop { region, steps, .. } => self.iterations(*region, steps, step),
        };
        if code.is_empty() {
            // everything is in place already
            self.line = line;
            return code;
        }
        quote!(#comment #code)
    }

    /// Returns the source line of the value that a step computes first.
    pub(super) fn comment_of(&mut self, step: &Step) -> TokenStream {
        let first = match &step.kind {
            StepKind::Rows(rows) => rows.members.first().copied(),
            kind => step.writes.first().copied().or(kind.values().first().copied()),
        };
        first.map(|value| self.comment(value)).unwrap_or_default()
    }

    /// Returns the source line, as a marker that [`render`](crate::render) turns into a comment.
    pub(super) fn comment(&mut self, value: Value) -> TokenStream {
        let node = &self.graph()[value];
        let line = (node.line, node.direction);
        if !self.context.comments || self.line == Some(line) || node.ty.is_number() {
            return TokenStream::new();
        }
        self.line = Some(line);
        let text = self.context.program.lines.get(node.line).map_or("", String::as_str);
        let text = match node.direction {
            Direction::Forward => format!(" {text}"),
            Direction::Backward => format!(" backward: {text}"),
        };
        let text = format!("{}{text}", crate::COMMENT);
        quote!(#[doc = #text])
    }

    /// Returns the call of a step's kernel.
    pub(super) fn call(&mut self, step: &Step) -> TokenStream {
        let graph = self.graph();
        let (value, onto) = match step.kind {
            StepKind::Kernel(value) => (value, None),
            StepKind::Accumulate { kernel, onto } => (kernel, Some(onto)),
            _ => return TokenStream::new(),
        };
        let node = &graph[value];
        let Op::Kernel(kernel) = &node.op else { return TokenStream::new() };
        let result = step.writes.first().copied().unwrap_or(value);
        let first = node.operands.first().map(|operand| graph.base(*operand));
        let in_place = onto.is_none()
            && self.plan().replaces.get(&result).copied() == first
            && first.is_some();
        let mut operands = Vec::new();
        for operand in &node.operands {
            operands.push(if graph.ty(*operand).is_number() {
                let number = self.number(*operand);
                quote!(#number.value)
            } else if let Some(name) = self.variables.names.get(&graph.base(*operand)) {
                quote!(#name)
            } else {
                // a gradient in the caller's memory, which the kernel does not read: it only has to
                // come before
                quote!(())
            });
        }
        let runtime = self.context.runtime.clone();
        let (place, store) = match self.plan().homes.get(&result) {
            Some(Storage::Gradient(parameter)) => self.gradient(*parameter),
            _ => {
                let name = &self.variables.names[&result];
                let store = if onto.is_some() { quote!(Add) } else { quote!(Set) };
                (quote!(#name), quote!(#runtime::Store::#store))
            }
        };
        let simd = quote!(simd);
        kernel.call(&Call {
            runtime: &self.context.runtime,
            scalar: &self.scalar,
            simd: &simd,
            samples: &self.samples,
            some_rows: self.some_rows.as_ref(),
            tile: &self.tile,
            operands,
            types: node.operands.iter().map(|operand| graph.ty(*operand)).collect(),
            layouts: node.operands.iter().map(|operand| self.layout(*operand)).collect(),
            parts: node.operands.iter().map(|v| self.window_of(*v).is_some()).collect(),
            iteration: self.iteration(),
            result: place,
            ty: &node.ty,
            layout: self.layout(result),
            is_part: self.window_of(result).is_some(),
            placed: node.operands.iter().map(|operand| self.is_placed(*operand, result)).collect(),
            in_place,
            store,
        })
    }

    /// Emits a loop, after the choices of what it reads.
    fn elementwise(&mut self, members: &[Value], step: &Step) -> TokenStream {
        let (choices, restored) = self.choices(step);
        let code = self.loops(members, step);
        self.variables.names.extend(restored);
        quote!(#choices #code)
    }

    /// Returns `let` statements that choose what is read for an activation's derivative: its output
    /// if that suffices, else the saved value. Returns also the names to restore after the loop.
    pub(super) fn choices(&mut self, step: &Step) -> (TokenStream, Vec<(Value, Ident)>) {
        let runtime = self.context.runtime.clone();
        let mut choices = TokenStream::new();
        let mut restored = Vec::new();
        for read in &step.reads {
            if let Some((activation, output)) = self.pass.schedule.kept.get(read) {
                let (path, kept, output) =
                    (&activation.path, &self.variables.names[read], &self.variables.names[output]);
                let name = self.variables.taken.clone().fresh(&kept.to_string());
                choices.extend(quote! {
                    let #name = if <#path as #runtime::Activation>::FROM_OUTPUT { &*#output } else { &*#kept };
                });
                restored.push((*read, self.variables.names[read].clone()));
                self.variables.taken.fresh(&name.to_string());
                self.variables.names.insert(*read, name);
            }
        }
        (choices, restored)
    }

    /// Emits a loop, or two variants, one of which an activation chooses.
    pub(super) fn loops(&mut self, members: &[Value], step: &Step) -> TokenStream {
        let runtime = self.context.runtime.clone();
        let conditional = step.writes.iter().find_map(|value| self.pass.schedule.kept.get(value));
        if let Some((activation, _)) = conditional {
            let path = activation.path.clone();
            let mut from_output = LoopBody::new(self, members);
            from_output.from_output = true;
            let from_output = from_output.emit(step);
            let kept = LoopBody::new(self, members).emit(step);
            quote! {
                if <#path as #runtime::Activation>::FROM_OUTPUT { #from_output } else { #kept }
            }
        } else {
            LoopBody::new(self, members).emit(step)
        }
    }
}

impl Writer<'_> {
    /// Emits the loop over the pieces, and the statements before it.
    pub(super) fn epilogue(&mut self, product: &Step, then: &Step) -> TokenStream {
        let ([result], StepKind::Elementwise(members)) = (&product.writes[..], &then.kind) else {
            return TokenStream::new();
        };
        let location = |value: Value| self.plan().location(self.graph(), value);
        let Some(pieces) = pieces(self.graph(), product, then, &location) else {
            return TokenStream::new();
        };
        let runtime = self.context.runtime.clone();
        let ty = self.graph().ty(*result);
        let groups = match pieces.of {
            Piece::Row => {
                let count = self.count_rows(ty);
                quote!(rows in #runtime::dense::groups(#count))
            }
            Piece::Sample => {
                let (n, rows) = (&self.samples, unparenthesised(&ty.leading()));
                quote!(samples in #runtime::dense::groups_of(#n, #rows))
            }
        };
        let (places, target) = self.places_of_both(*result, then);
        let (choices, restored) = self.choices(then);
        let cuts = self.cuts(&pieces, product, then, &target);

        let own = self.variables.names.insert(*result, target);
        let all_samples = self.samples.clone();
        match pieces.of {
            Piece::Row => self.some_rows = Some(quote!(rows.count())),
            Piece::Sample => self.samples = quote!(samples.count()),
        }
        let call = self.call(product);
        (self.some_rows, self.samples) = (None, all_samples);
        self.variables.names.extend(own.map(|own| (*result, own)));
        let comment = self.comment_of(then);
        let code = self.loops(members, then);
        self.variables.names.extend(restored);
        quote! {
            #places #choices
            for #groups {
                #cuts #call #comment #code
            }
        }
    }

    /// Returns `let` statements for the values that the two steps write, and the variable that the
    /// product writes to: that of the loop, if the loop writes over the product's result.
    fn places_of_both(&mut self, result: Value, then: &Step) -> (TokenStream, Ident) {
        let replaces = |value: &&Value| self.plan().replaces.get(value) == Some(&result);
        let over = then.writes.iter().find(replaces).copied();
        let place = self.place(result);
        let own = self.define_at(result, &place);
        let Some(over) = over else {
            let places = self.places(then);
            return (quote!(#own #places), self.variables.names[&result].clone());
        };
        let mut lets = TokenStream::new();
        for value in &then.writes {
            lets.extend(match *value == over {
                true => self.define_at(over, &place),
                false => self.define(*value),
            });
        }
        (lets, self.variables.names[&over].clone())
    }

    /// Returns `let` statements that cut a piece out of the values that are read and written.
    fn cuts(&self, pieces: &Pieces, product: &Step, then: &Step, target: &Ident) -> TokenStream {
        let group = match pieces.of {
            Piece::Row => quote!(rows),
            Piece::Sample => quote!(samples),
        };
        let mut cuts = TokenStream::new();
        let mut cut = Vec::new();
        for (value, length) in &pieces.lengths {
            let name = match self.variables.names.get(value) {
                Some(_) if product.writes.contains(value) => target,
                Some(name) => name,
                None => continue,
            };
            let writes = || product.writes.iter().chain(&then.writes);
            let written = writes().any(|write| self.plan().whole(*write) == *value);
            let replaced = writes().any(|write| self.plan().replaces.get(write) == Some(value));
            if cut.contains(name) || (replaced && !written) {
                continue;
            }
            cut.push(name.clone());
            cuts.extend(if written {
                let length = without_parentheses(self.kept_len(*value, length.clone()));
                quote!(let #name = &mut #name[#group.of(#length)];)
            } else {
                let length = unparenthesised(length);
                quote!(let #name = &#name[#group.of(#length)];)
            });
        }
        cuts
    }
}
