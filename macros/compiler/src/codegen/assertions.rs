//! Constant assertions of conditions that the macro could not decide.

use super::lengths::is_dynamic;
use crate::ast::Network;
use crate::external::External;
use crate::pass::Passes;
use crate::program::{ExternalUse, NameClash, Program, Relation, Requirement};
use crate::report::Place;
use crate::reserved::private_path;
use crate::size::{Size, known_shapes};
use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// Returns all assertions, with the places where they fail.
pub fn assertions(
    private_path: &TokenStream,
    program: &Program,
    network: &Network,
    passes: &Passes,
) -> Vec<(Place, TokenStream)> {
    let fits = program.external_uses.iter().map(|it| (it.place, fit(it)));
    let requirements = program.requirements.iter().filter(|r| !is_dynamic(r));
    // the compiler points at the first one: better a relation between sizes than that a size is at
    // least 1
    let (some, others): (Vec<_>, Vec<_>) = requirements.partition(|r| r.left == Size::one());
    let requirements = others.into_iter().chain(some);
    let requirements = requirements.map(|it| (it.place, requirement(private_path, it)));
    let sizes = program
        .named_sizes
        .iter()
        .map(|(size, place)| (*place, is_size(private_path, size, *place)));
    let asked = passes.stream.as_ref().ok().filter(|_| network.streaming.is_some());
    let streamed =
        asked.map(|stream| stepwise_assertions(program, &stream.step.pass.graph.streamed_layers()));
    let alike =
        program.name_clashes.iter().map(|alike| (alike.place, distinct(private_path, alike)));
    let whole = sizes.chain(fits).chain(requirements);
    whole.chain(streamed.into_iter().flatten()).chain(alike).collect()
}

/// Returns the assertion that two parameters have no name in common, at the place that names the
/// second.
fn distinct(private_path: &TokenStream, alike: &NameClash) -> TokenStream {
    let [first, second] = alike.parameters.map(Literal::usize_unsuffixed);
    let arguments = quote!(<Self as #private_path::Network>::LAYOUT, #first, #second);
    call(alike.place, &quote!(#private_path::assert_distinct), arguments)
}

/// Returns the assertion that a constant is a size.
fn is_size(private_path: &TokenStream, size: &Size, place: Place) -> TokenStream {
    let (name, size) = (size.to_string(), size.tokens());
    call(place, &quote!(#private_path::assert_size), quote!(#name, #size))
}

/// Returns the assertion of a relation between sizes.
fn requirement(private_path: &TokenStream, requirement: &Requirement) -> TokenStream {
    let Requirement { left, relation, right, message, place } = requirement;
    let layers: Vec<_> =
        [left, right].iter().flat_map(|side| side.layers()).map(External::as_layer).collect();
    let names = left.constants().into_iter().chain(right.constants()).collect::<BTreeSet<_>>();
    let names = names.iter().map(|name| {
        let (name, value) = (name.to_string(), name.tokens());
        quote!((#name, #value))
    });
    // a difference becomes a sum on the other side, so that no intermediate result is negative
    let (right, left) = match [left, right].iter().any(|side| side.has_difference()) {
        true => right.minus(left).parts(),
        false => (right.clone(), left.clone()),
    };
    let (left, right) = (left.tokens(), right.tokens());
    let relation = match relation {
        Relation::Equal => quote!(==),
        Relation::AtMost => quote!(<=),
    };
    // a layer without outputs is a stub beside an error, of which nothing is known
    let stubs = layers.iter().map(|layer| quote!(#layer::OUTPUTS.is_empty() ||));
    let arguments = quote!(#(#stubs)* #left #relation #right, #message, &[#(#names),*]);
    call(*place, &quote!(#private_path::assert_sizes), arguments)
}

/// Returns the assertion that shapes fit an external layer, on the user's tokens.
fn fit(fit: &ExternalUse) -> TokenStream {
    let ExternalUse { layer, text, given, inputs, outputs, place } = fit;
    let (private_path, ports, inputs) = (private_path(), layer.ports(), known_shapes(inputs));
    let outputs = outputs.iter().map(|shape| {
        let sizes = shape.iter().map(|size| match size {
            Some(size) if size.is_dynamic() => Size::default().tokens(),
            Some(size) => size.tokens(),
            None => quote!(#private_path::ASKED),
        });
        quote!(&[#(#sizes),*])
    });
    let lengths = layer.as_layer();
    let lengths = quote!(#lengths::LENGTHS);
    let arguments = quote!(#text, #ports, #lengths, &[#(#given),*], #inputs, &[#(#outputs),*]);
    call(*place, &quote!(#private_path::assert_fits), arguments)
}

/// Returns the assertions that the external layers in a stream can be applied to one step.
pub fn stepwise_assertions(program: &Program, layers: &[External]) -> Vec<(Place, TokenStream)> {
    let streamed = program.external_uses.iter().filter(|fit| layers.contains(&fit.layer));
    let assertion = |ExternalUse { layer, text, place, .. }: &ExternalUse| {
        let (private_path, is_stepwise) = (private_path(), layer.as_layer());
        let arguments = quote!(#text, #is_stepwise::STEPWISE);
        (*place, call(*place, &quote!(#private_path::assert_stepwise), arguments))
    };
    streamed.map(assertion).collect()
}

/// Returns the call of an assertion, which fails at `place`. External layers in the arguments keep
/// spans of their own, so that a type that is no layer is one error.
fn call(place: Place, function: &TokenStream, arguments: TokenStream) -> TokenStream {
    let function = place.mark(function.clone());
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(Span::call_site().located_at(place.end));
    let arguments = TokenTree::Group(arguments);
    quote!(#function #arguments;)
}
