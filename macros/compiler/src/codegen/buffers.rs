//! Where things are: what stands before the first step, and a `let` for every result.

use super::function::{Context, Writer};
use super::names::idents;
use crate::fuse::Step;
use crate::ir::{Leaf, Op, Value};
use crate::plan::{Home, Need, Plan};
use crate::size::Size;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;

/// The slots of a plan: for each the longest of what it has to hold.
pub fn slots(runtime: &TokenStream, plan: &Plan) -> TokenStream {
    let slots = plan.slots.iter().map(|needs| {
        let needs: Vec<TokenStream> = needs.iter().map(|need| need_tokens(runtime, need)).collect();
        match &needs[..] {
            [need] => need.clone(),
            _ => quote!(#runtime::slot_len(&[#(#needs),*])),
        }
    });
    quote!(&[#(#slots),*])
}

fn need_tokens(runtime: &TokenStream, need: &Need) -> TokenStream {
    let len = need.len.tokens();
    match &need.unless {
        None => len,
        Some(activation) => {
            let path = &activation.path;
            quote!(#runtime::kept_len(<#path as #runtime::Activation>::FROM_OUTPUT, #len))
        }
    }
}

/// A size where no operator stands beside it.
pub fn unparenthesised(size: &Size) -> TokenStream {
    let tokens = size.tokens();
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) => group.stream(),
        _ => tokens,
    }
}

impl Writer<'_> {
    /// Names for what exists beforehand.
    pub fn name_leaves(&mut self) {
        for value in self.graph.values() {
            if let Op::Leaf(Leaf::Input(_) | Leaf::Target(_) | Leaf::Parameter(_)) =
                self.graph[value].op
            {
                let name = self.taken.fresh(&self.graph[value].name.clone());
                self.names.insert(value, name);
            }
        }
    }

    /// What stands before the first step: only what is used.
    pub fn prelude(
        &mut self,
        context: &Context<'_>,
        statements: &TokenStream,
        lens: &TokenStream,
    ) -> TokenStream {
        let (runtime, scalar, simd) = (&context.runtime, &context.scalar, &context.simd);
        let mut used = HashSet::new();
        idents(statements.clone(), &mut used);
        let is_used = |name: &Ident| used.contains(&name.to_string());
        let mut prelude = TokenStream::new();
        if used.contains("lane") {
            prelude.extend(quote!(let lane = #runtime::lane::<#scalar, #simd>;));
        }
        if used.contains("number") {
            prelude.extend(quote!(let number = #runtime::number::<#scalar, #simd>;));
        }
        let ports = |leaf: fn(&Leaf) -> Option<usize>, count: usize| {
            let mut names = vec![quote!(_); count];
            for value in self.graph.values() {
                if let Op::Leaf(found) = &self.graph[value].op
                    && let Some(index) = leaf(found)
                    && is_used(&self.names[&value])
                {
                    let name = &self.names[&value];
                    names[index] = quote!(#name);
                }
            }
            let any = names.iter().any(|name| name.to_string() != "_");
            any.then(|| quote!((#(#names,)*)))
        };
        let input = |leaf: &Leaf| if let Leaf::Input(i) = leaf { Some(*i) } else { None };
        let target = |leaf: &Leaf| if let Leaf::Target(i) = leaf { Some(*i) } else { None };
        if let Some(pattern) = ports(input, self.program.inputs.len()) {
            prelude.extend(quote!(let #pattern = inputs;));
        }
        if let Some(pattern) = ports(target, self.program.targets.len()) {
            prelude.extend(quote!(let #pattern = targets;));
        }
        let mut parameters = TokenStream::new();
        for parameter in &self.program.parameters {
            // frozen and unused parameters may be missing in a pass
            let Some(name) =
                self.names.get(&self.leaf_of(parameter.value)).filter(|name| is_used(name))
            else {
                continue;
            };
            let index = self.parameter_index(parameter.value);
            parameters.extend(quote!(let #name = #runtime::part(parameters, layout, #index);));
        }
        if used.contains("layout") || !parameters.is_empty() {
            prelude.extend(quote!(let layout = <Self as #runtime::Network>::LAYOUT;));
        }
        prelude.extend(parameters);
        let slots: Vec<Ident> = (0..self.plan.slots.len()).map(slot_name).collect();
        if !slots.is_empty() {
            prelude.extend(quote!(let [#(#slots),*] = #runtime::slots(arena, n, #lens);));
        }
        let mut after = HashSet::new();
        idents(prelude.clone(), &mut after);
        if used.contains("n") || after.contains("n") {
            prelude = quote!(let n = tile.samples; #prelude);
        }
        prelude
    }

    /// The leaf of this pass's graph that is a parameter of the program.
    fn leaf_of(&self, parameter: Value) -> Value {
        let index = match self.program.graph[parameter].op {
            Op::Leaf(Leaf::Parameter(index)) => index,
            _ => usize::MAX,
        };
        let is_it = |value: &Value| matches!(self.graph[*value].op, Op::Leaf(Leaf::Parameter(i)) if i == index);
        self.graph.values().find(is_it).unwrap_or(parameter)
    }

    fn parameter_index(&self, parameter: Value) -> Literal {
        match self.program.graph[parameter].op {
            Op::Leaf(Leaf::Parameter(index)) => Literal::usize_unsuffixed(index),
            _ => Literal::usize_unsuffixed(0),
        }
    }

    /// `let` statements for what the step writes.
    pub fn places(&mut self, step: &Step) -> TokenStream {
        let mut lets = TokenStream::new();
        for value in &step.writes {
            let home = self.plan.homes[value];
            if let Home::Gradient(_) = home {
                continue;
            }
            let wish = self.wish(*value);
            let name = self.fresh(&wish);
            let place = match (self.plan.replaces.get(value), home) {
                (Some(replaced), _) => {
                    let replaced = &self.names[replaced];
                    quote!(#replaced)
                }
                (None, Home::Output(index)) => {
                    let output = output_name(index);
                    quote!(&mut *#output)
                }
                (None, Home::Slot(slot)) => {
                    let slot = slot_name(slot);
                    let len = self.len(*value);
                    quote!(&mut #slot[..#len])
                }
                _ => quote!(&mut []),
            };
            self.names.insert(*value, name.clone());
            lets.extend(quote!(let #name = #place;));
        }
        lets
    }

    /// Scalars of a value in the tile.
    fn len(&self, value: Value) -> TokenStream {
        let ty = self.graph.ty(value);
        let len = match self.schedule.kept.get(&value) {
            Some((activation, _)) => {
                let need = Need { len: ty.len(), unless: Some(activation.clone()) };
                need_tokens(&self.runtime, &need)
            }
            None => ty.len().tokens(),
        };
        let n = &self.samples;
        match ty.len().constant() {
            Some(1) if ty.batched && !self.schedule.kept.contains_key(&value) => n.clone(),
            _ if ty.batched => quote!(#n * #len),
            _ => unparenthesised(&ty.len()),
        }
    }
}

/// The name of a slot of the arena.
pub fn slot_name(index: usize) -> Ident {
    Ident::new(&format!("slot{index}"), Span::call_site())
}

/// The name of where an output goes.
pub fn output_name(index: usize) -> Ident {
    Ident::new(&format!("out{index}"), Span::call_site())
}
