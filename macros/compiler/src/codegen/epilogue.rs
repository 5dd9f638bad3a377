//! A product with the loop over its result, some rows at a time.

use super::buffers::{unparenthesised, without_parentheses};
use super::function::Writer;
use crate::fuse::{Step, StepKind, row_lengths};
use crate::ir::Value;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Writer<'_> {
    /// The loop over the rows, and what stands before it.
    pub(super) fn epilogue(&mut self, product: &Step, then: &Step) -> TokenStream {
        let ([result], StepKind::Loop(members)) = (&product.writes[..], &then.kind) else {
            return TokenStream::new();
        };
        let runtime = self.runtime.clone();
        let (places, target) = self.places_of_both(*result, then);
        let (choices, restored) = self.choices(then);
        let cuts = self.cuts(product, then, &target);

        let own = self.names.insert(*result, target);
        self.some_rows = Some(quote!(rows.count()));
        let call = self.call(product);
        self.some_rows = None;
        self.names.extend(own.map(|own| (*result, own)));
        let comment = self.comment_of(then);
        let code = self.loops(members, then);
        self.names.extend(restored);

        let count = self.count_rows(self.graph.ty(*result));
        quote! {
            #places #choices
            for rows in #runtime::dense::groups(#count) {
                #cuts #call #comment #code
            }
        }
    }

    /// `let` statements for what the two steps write, and the variable that the product writes to:
    /// the loop's, where that writes over the product's result.
    fn places_of_both(&mut self, result: Value, then: &Step) -> (TokenStream, Ident) {
        let replaces = |value: &&Value| self.plan.replaces.get(value) == Some(&result);
        let over = then.writes.iter().find(replaces).copied();
        let place = self.place(result);
        let own = self.define_at(result, &place);
        let Some(over) = over else {
            let places = self.places(then);
            return (quote!(#own #places), self.names[&result].clone());
        };
        let mut lets = TokenStream::new();
        for value in &then.writes {
            let place = if *value == over { place.clone() } else { self.place(*value) };
            lets.extend(self.define_at(*value, &place));
        }
        (lets, self.names[&over].clone())
    }

    /// `let` statements that cut what is read and written.
    fn cuts(&self, product: &Step, then: &Step, target: &Ident) -> TokenStream {
        let lengths = row_lengths(self.graph, product, then).unwrap_or_default();
        let mut cuts = TokenStream::new();
        let mut cut = Vec::new();
        for (value, length) in lengths {
            let name = match self.names.get(&value) {
                Some(_) if product.writes.contains(&value) => target,
                Some(name) => name,
                None => continue,
            };
            let written = product.writes.contains(&value) || then.writes.contains(&value);
            let mut writes = product.writes.iter().chain(&then.writes);
            let replaced = writes.any(|write| self.plan.replaces.get(write) == Some(&value));
            if cut.contains(name) || (replaced && !written) {
                continue;
            }
            cut.push(name.clone());
            cuts.extend(if written {
                let length = without_parentheses(self.kept_len(value, length));
                quote!(let #name = &mut #name[rows.of(#length)];)
            } else {
                let length = unparenthesised(&length);
                quote!(let #name = &#name[rows.of(#length)];)
            });
        }
        cuts
    }
}
