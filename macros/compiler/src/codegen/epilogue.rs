//! A product with the loop over its result, some rows or samples at a time.

use super::buffers::unparenthesised;
use super::function::Writer;
use crate::fuse::{Pieces, Step, StepKind, pieces};
use crate::ir::Value;
use crate::ir::kernel::Piece;
use crate::size::without_parentheses;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

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
