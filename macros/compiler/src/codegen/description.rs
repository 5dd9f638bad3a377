//! The description of a network: its ports, parameters and the rows of its summary.

use super::lengths::{constant, extent, extents};
use crate::ir::{Assignment, Type};
use crate::program::{Classes, Ignored, Label, Parameter, Port, Program, Row, StateKind};
use crate::size::{Size, without_parentheses};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};

/// Returns the runtime's description of an input, output or target.
pub fn port(runtime: &TokenStream, program: &Program, port: &Port) -> TokenStream {
    let (name, shape) = (spelt(&port.name), shape(program, &port.shape));
    let mut tokens = quote!(#runtime::Port::new(#name, #shape));
    if let Some(Classes { count, ignored, are_lengths }) = &port.classes {
        let varying = count.is_dynamic().then(|| extent(runtime, program, count));
        let count = without_parentheses(constant(program, count));
        tokens.extend(quote!(.with_classes(#count)));
        let ignored = match ignored {
            Ignored::Nothing => None,
            Ignored::Usual => Some(quote!(#runtime::IGNORE_INDEX)),
            Ignored::Index(index) => Some(Literal::u32_unsuffixed(*index).into_token_stream()),
        };
        tokens.extend(ignored.map(|ignored| quote!(.ignoring(#ignored))));
        tokens.extend(varying.map(|varying| quote!(.with_varying_classes(#varying))));
        tokens.extend(are_lengths.then(|| quote!(.of_lengths())));
    }
    if port.shape.iter().any(Size::is_dynamic) {
        let extents = extents(runtime, program, &port.shape);
        tokens.extend(quote!(.with_extents(#extents)));
    }
    tokens
}

/// Returns a name as it is displayed: without the `r#` of a keyword.
pub fn spelt(name: &str) -> &str {
    name.trim_start_matches("r#")
}

pub fn parameter(runtime: &TokenStream, program: &Program, parameter: &Parameter) -> TokenStream {
    let Parameter { name, init, layer, .. } = parameter;
    let shape = shape(program, &parameter.shape);
    let transposed = parameter.transposed.then(|| quote!(.transposed()));
    let zero_row = parameter.zero_row.as_ref().map(|row| {
        let row = without_parentheses(constant(program, row));
        quote!(.zero_row(#row))
    });
    let bias = parameter.is_bias.then(|| quote!(.bias()));
    let parameter_of = |assignment: &Assignment| program.parameters[assignment.parameter].value;
    let assigned = program.assignments.iter().any(|a| parameter_of(a) == parameter.value);
    let frozen = (parameter.frozen && !assigned).then(|| quote!(.frozen(true)));
    let state = parameter.state.map(|kind| match kind {
        StateKind::Real => quote!(.state()),
        StateKind::Integer => quote!(.state().integer()),
    });
    let iterations = (!parameter.iterations.is_empty()).then(|| {
        let iterations = self::shape(program, &parameter.iterations);
        quote!(.iterations(#iterations))
    });
    let new = match layer {
        Some(layer) => {
            let layer = layer.as_layer();
            quote!(#runtime::Parameter::layer(#name, #layer::LAYOUT))
        }
        None => quote!(#runtime::Parameter::new(#name, #shape, #runtime::Init::#init)),
    };
    quote!(#new #transposed #zero_row #bias #state #frozen #iterations)
}

pub fn row(runtime: &TokenStream, program: &Program, row: &Row) -> TokenStream {
    let Row { name, layer, depth, .. } = row;
    let depth = Literal::usize_unsuffixed(*depth);
    let divides = layer.iter().any(|label| matches!(label, Label::Size(s) if s.has_quotient()));
    let layer = layer.iter().map(|label| match label {
        Label::Text(text) => quote!(#runtime::Label::Text(#text)),
        Label::Size(size) => {
            let size = without_parentheses(constant(program, size));
            quote!(#runtime::Label::Size(#size))
        }
        Label::Activation(activation) => {
            let path = &activation.path;
            quote!(#runtime::Label::Name(<#path as #runtime::Activation>::name))
        }
    });
    let layer = statics(divides, layer);
    let shape = shape(program, &row.shape);
    let parameters = without_parentheses(constant(program, &row.parameters));
    let flops = without_parentheses(constant(program, &row.flops));
    quote! {
        #runtime::Row {
            name: #name,
            layer: #layer,
            shape: #shape,
            parameters: #parameters,
            flops: #flops,
            depth: #depth,
        }
    }
}

fn shape(program: &Program, sizes: &[Size]) -> TokenStream {
    // in parentheses: clippy suspects a missing comma in a product within an array
    let divides = sizes.iter().any(Size::has_quotient);
    statics(divides, sizes.iter().map(|size| constant(program, size)))
}

/// Returns a reference to constant items. A division may panic, so the compiler does not promote it
/// to a static by itself.
pub fn statics(divides: bool, items: impl Iterator<Item = TokenStream>) -> TokenStream {
    if divides { quote!(const { &[#(#items),*] }) } else { quote!(&[#(#items),*]) }
}

pub fn len(program: &Program, port: &Port) -> TokenStream {
    constant(program, &Type::sample(port.shape.clone()).len())
}
