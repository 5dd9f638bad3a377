//! What fills the interface of a network: constants and function bodies.

use super::Options;
use super::buffers::{slots, unparenthesised};
use super::function::{Context, body};
use super::interface::Interface;
use super::names::Names;
use crate::ast::{Element, Network};
use crate::ir::Type;
use crate::pass::Passes;
use crate::program::{Label, Parameter, Port, Program, Relation, Row};
use crate::report::Place;
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Constants and function bodies.
#[derive(Default)]
pub struct Content {
    pub inputs: Vec<Element>,
    pub outputs: usize,
    pub layout: Vec<TokenStream>,
    pub input_ports: Vec<TokenStream>,
    pub output_ports: Vec<TokenStream>,
    pub input_lens: Vec<TokenStream>,
    pub rows: Vec<TokenStream>,
    pub flops: TokenStream,
    pub slots: TokenStream,
    pub requirements: Vec<(Place, TokenStream)>,
    pub infer: TokenStream,
    pub training: Option<Training>,
}

/// What only a network with a loss has.
#[derive(Default)]
pub struct Training {
    pub targets: Vec<Element>,
    pub ports: Vec<TokenStream>,
    pub lens: Vec<TokenStream>,
    pub evaluate_slots: TokenStream,
    pub train_slots: TokenStream,
    pub normaliser_count: usize,
    pub normalisers: TokenStream,
    pub evaluate: TokenStream,
    pub train: TokenStream,
}

impl Content {
    /// The content of a checked network.
    pub fn new(
        interface: &Interface<'_>,
        program: &Program,
        passes: &Passes,
        options: &Options,
    ) -> Self {
        let path = &interface.private;
        let context = Context {
            runtime: quote!(__monograd),
            scalar: interface.scalar.clone(),
            simd: interface.simd.clone(),
            taken: taken(program),
            program,
            comments: options.comments,
        };
        Self {
            inputs: program.inputs.iter().map(|port| port.element).collect(),
            outputs: program.outputs.len(),
            layout: program.parameters.iter().map(|p| parameter(path, p)).collect(),
            input_ports: program.inputs.iter().map(|p| port(path, p)).collect(),
            output_ports: program.outputs.iter().map(|(p, _)| port(path, p)).collect(),
            input_lens: program.inputs.iter().map(len).collect(),
            rows: program.rows.iter().map(|r| row(path, r)).collect(),
            flops: unparenthesised(&passes.infer.flops()),
            slots: slots(path, &passes.infer.plan),
            requirements: requirements(program),
            infer: body(&context, &passes.infer, &quote!(<Self as __monograd::Network>::SLOTS)),
            training: passes.train.as_ref().zip(passes.evaluate.as_ref()).map(
                |(train, evaluate)| Training {
                    targets: program.targets.iter().map(|port| port.element).collect(),
                    ports: program.targets.iter().map(|p| port(path, p)).collect(),
                    lens: program.targets.iter().map(len).collect(),
                    evaluate_slots: slots(path, &evaluate.plan),
                    train_slots: slots(path, &train.plan),
                    normaliser_count: program.normalisers.len(),
                    normalisers: normalisers(&context),
                    evaluate: body(
                        &context,
                        evaluate,
                        &quote!(<Self as __monograd::Trainable>::EVALUATE_SLOTS),
                    ),
                    train: body(
                        &context,
                        train,
                        &quote!(<Self as __monograd::Trainable>::TRAIN_SLOTS),
                    ),
                },
            ),
        }
    }

    /// Nothing but the signatures.
    pub fn empty(network: &Network) -> Self {
        // without elements, inputs and targets are whatever they are given
        let (empty, zero) = (quote!(&[]), quote!(__monograd::zero()));
        let training = Training {
            evaluate_slots: empty.clone(),
            train_slots: empty.clone(),
            evaluate: zero.clone(),
            train: zero,
            ..Training::default()
        };
        Self {
            outputs: network.outputs.len().max(1),
            flops: quote!(0),
            slots: empty,
            training: Some(training),
            ..Self::default()
        }
    }
}

/// The names of the user's types, which generated code mentions.
fn taken(program: &Program) -> Names {
    let mut taken = Names::default();
    for label in program.rows.iter().flat_map(|row| &row.layer) {
        match label {
            Label::Text(text) => taken.avoid(text.parse().unwrap_or_default()),
            Label::Size(size) => taken.avoid(size.tokens()),
            Label::Activation(activation) => taken.avoid(activation.path.clone()),
        }
    }
    taken
}

fn shape(sizes: &[Size]) -> TokenStream {
    // in parentheses: clippy suspects a missing comma in a product within an array
    statics(sizes.iter().any(Size::has_quotient), sizes.iter().map(Size::tokens))
}

/// A reference to constant items. A division may panic, so the compiler makes it no static by
/// itself.
fn statics(divides: bool, items: impl Iterator<Item = TokenStream>) -> TokenStream {
    if divides { quote!(const { &[#(#items),*] }) } else { quote!(&[#(#items),*]) }
}

fn len(port: &Port) -> TokenStream {
    Type::sample(port.shape.clone()).len().tokens()
}

fn port(runtime: &TokenStream, port: &Port) -> TokenStream {
    let (name, shape) = (&port.name, shape(&port.shape));
    let mut tokens = quote!(#runtime::Port::new(#name, #shape));
    if let Some((classes, ignored)) = &port.classes {
        let classes = unparenthesised(classes);
        let ignored = ignored.map_or_else(
            || quote!(#runtime::IGNORE_INDEX),
            |index| {
                let index = Literal::u32_unsuffixed(index);
                quote!(#index)
            },
        );
        tokens.extend(quote!(.with_classes(#classes).ignoring(#ignored)));
    }
    tokens
}

fn parameter(runtime: &TokenStream, parameter: &Parameter) -> TokenStream {
    let Parameter { name, transposed, frozen, init, .. } = parameter;
    let shape = shape(&parameter.shape);
    let kind = if parameter.is_bias { quote!(Bias) } else { quote!(Weight) };
    quote! {
        #runtime::Parameter {
            name: #name,
            shape: #shape,
            transposed: #transposed,
            kind: #runtime::Kind::#kind,
            init: #runtime::Init::#init,
            frozen: #frozen,
            offset: 0,
        }
    }
}

fn row(runtime: &TokenStream, row: &Row) -> TokenStream {
    let Row { name, layer, .. } = row;
    let divides = layer.iter().any(|label| matches!(label, Label::Size(s) if s.has_quotient()));
    let layer = layer.iter().map(|label| match label {
        Label::Text(text) => quote!(#runtime::Label::Text(#text)),
        Label::Size(size) => {
            let size = unparenthesised(size);
            quote!(#runtime::Label::Size(#size))
        }
        Label::Activation(activation) => {
            let path = &activation.path;
            quote!(#runtime::Label::Name(<#path as #runtime::Activation>::name))
        }
    });
    let layer = statics(divides, layer);
    let shape = shape(&row.shape);
    let (parameters, flops) = (unparenthesised(&row.parameters), unparenthesised(&row.flops));
    quote! {
        #runtime::Row {
            name: #name,
            layer: #layer,
            shape: #shape,
            parameters: #parameters,
            flops: #flops,
        }
    }
}

/// Assertions of what the macro could not decide.
fn requirements(program: &Program) -> Vec<(Place, TokenStream)> {
    let assertion = |requirement: &crate::program::Requirement| {
        let (left, right) = (requirement.left.tokens(), requirement.right.tokens());
        let relation = match requirement.relation {
            Relation::Equal => quote!(==),
            Relation::AtMost => quote!(<=),
        };
        let message = &requirement.message;
        let assertion = quote!(::core::assert!(#left #relation #right, #message););
        (requirement.place, requirement.place.mark(assertion))
    };
    program.requirements.iter().map(assertion).collect()
}

/// Fills in what each cross entropy is multiplied by.
fn normalisers(context: &Context<'_>) -> TokenStream {
    let Context { runtime, scalar, program, .. } = context;
    let scalar = quote!(#scalar);
    if program.normalisers.is_empty() {
        return TokenStream::new();
    }
    let used: Vec<usize> = program.normalisers.iter().map(|n| n.target).collect();
    let names = (0..program.targets.len()).map(|index| {
        if used.contains(&index) {
            let name = quote::format_ident!("target{index}");
            quote!(#name)
        } else {
            quote!(_)
        }
    });
    let lines = program.normalisers.iter().enumerate().map(|(index, normaliser)| {
        let target = quote::format_ident!("target{}", normaliser.target);
        let options = normaliser.options.tokens(runtime, &scalar);
        let index = Literal::usize_unsuffixed(index);
        quote!(normalisers[#index] = #runtime::loss::normaliser(samples, #target, &#options);)
    });
    quote! {
        let (#(#names,)*) = targets;
        #(#lines)*
    }
}
