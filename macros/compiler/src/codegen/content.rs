//! What fills the interface of a network: constants and function bodies.

use super::Options;
use super::buffers::{bind_lengths, slots, unparenthesised, without_parentheses};
use super::function::{Context, body};
use super::interface::Interface;
use super::lengths::{Lengths, constant, extent, extents, is_dynamic};
use super::names::Names;
use super::stream::Streaming;
use crate::ast::{Element, Network};
use crate::ir::function::Function;
use crate::ir::{Op, Type};
use crate::pass::Passes;
use crate::plan::Plan;
use crate::program::{Classes, Ignored, Label, Parameter, Port, Program, Relation, Row};
use crate::report::Place;
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};

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
    pub slots: Slots,
    pub requirements: Vec<(Place, TokenStream)>,
    pub infer: TokenStream,
    pub lengths: Option<Lengths>,
    pub training: Option<Training>,
    pub streaming: Option<Streaming>,
}

/// The lengths of a pass's slots.
#[derive(Default)]
pub struct Slots {
    /// As constants, with run-time sizes at their bounds.
    pub constant: TokenStream,
    /// For given run-time sizes, if there are any: the body of a function of `lengths`.
    pub at: Option<TokenStream>,
}

impl Slots {
    pub fn new(runtime: &TokenStream, program: &Program, plan: &Plan) -> Self {
        let constant = slots(runtime, plan, &|size| constant(program, size));
        let at = (!program.lengths.is_empty()).then(|| {
            let slots = slots(runtime, plan, &Size::tokens);
            let lets = bind_lengths(program, &slots, &quote!(lengths));
            quote!(#lets #slots)
        });
        Self { constant: quote!(&#constant), at }
    }
}

/// What only a network with a loss has.
#[derive(Default)]
pub struct Training {
    /// `None` in a stub.
    pub targets: Option<Vec<Element>>,
    pub ports: Vec<TokenStream>,
    pub lens: Vec<TokenStream>,
    pub evaluate_slots: Slots,
    pub train_slots: Slots,
    pub normaliser_count: usize,
    pub normalisers: TokenStream,
    pub evaluate: TokenStream,
    pub train: TokenStream,
    pub measure: Option<Measure>,
}

/// What only a network with metrics has.
pub struct Measure {
    pub names: Vec<String>,
    pub slots: Slots,
    pub body: TokenStream,
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
        let slots_of = |network: TokenStream, constant: TokenStream, at: TokenStream| {
            let network = quote!(<Self as __monograd::#network>);
            match program.lengths.is_empty() {
                true => quote!(#network::#constant),
                false => quote!(#network::#at(tile.lengths)),
            }
        };
        let [infer_slots, evaluate_slots, train_slots, measure_slots] = [
            slots_of(quote!(Network), quote!(SLOTS), quote!(slots)),
            slots_of(quote!(Trainable), quote!(EVALUATE_SLOTS), quote!(evaluate_slots)),
            slots_of(quote!(Trainable), quote!(TRAIN_SLOTS), quote!(train_slots)),
            slots_of(quote!(Trainable), quote!(MEASURE_SLOTS), quote!(measure_slots)),
        ];
        let flops = passes.infer.flops();
        Self {
            inputs: program.inputs.iter().map(|port| port.element).collect(),
            outputs: program.outputs.len(),
            layout: program.parameters.iter().map(|p| parameter(path, program, p)).collect(),
            input_ports: program.inputs.iter().map(|p| port(path, program, p)).collect(),
            output_ports: program.outputs.iter().map(|(p, _)| port(path, program, p)).collect(),
            input_lens: program.inputs.iter().map(|p| len(program, p)).collect(),
            rows: program.rows.iter().map(|r| row(path, program, r)).collect(),
            flops: without_parentheses(constant(program, &flops)),
            slots: Slots::new(path, program, &passes.infer.plan),
            requirements: requirements(program),
            infer: body(&context, &passes.infer, &infer_slots),
            lengths: Lengths::new(path, program, &flops),
            streaming: (passes.stream.as_ref().ok())
                .map(|pass| Streaming::new(path, &context, program, pass)),
            training: passes.train.as_ref().zip(passes.evaluate.as_ref()).map(
                |(train, evaluate)| Training {
                    targets: Some(program.targets.iter().map(|port| port.element).collect()),
                    ports: program.targets.iter().map(|p| port(path, program, p)).collect(),
                    lens: program.targets.iter().map(|p| len(program, p)).collect(),
                    evaluate_slots: Slots::new(path, program, &evaluate.plan),
                    train_slots: Slots::new(path, program, &train.plan),
                    normaliser_count: program.normalisers.len(),
                    normalisers: normalisers(&context),
                    evaluate: body(&context, evaluate, &evaluate_slots),
                    train: body(&context, train, &train_slots),
                    measure: passes.measure.as_ref().map(|measure| Measure {
                        names: program.metrics.iter().map(|(name, _)| name.clone()).collect(),
                        slots: Slots::new(path, program, &measure.plan),
                        body: body(&context, measure, &measure_slots),
                    }),
                },
            ),
        }
    }

    /// Nothing but the signatures.
    pub fn empty(network: &Network) -> Self {
        // without elements, inputs and targets are whatever they are given
        let empty = || Slots { constant: quote!(&[]), at: None };
        let zero = quote!(__monograd::zero());
        let training = Training {
            evaluate_slots: empty(),
            train_slots: empty(),
            evaluate: zero.clone(),
            train: zero,
            ..Training::default()
        };
        Self {
            outputs: network.outputs.len().max(1),
            flops: quote!(0),
            slots: empty(),
            training: Some(training),
            ..Self::default()
        }
    }
}

/// The names of the user's types and functions, which generated code mentions.
fn taken(program: &Program) -> Names {
    let mut taken = Names::default();
    for label in program.rows.iter().flat_map(|row| &row.layer) {
        match label {
            Label::Text(text) => taken.avoid(text.parse().unwrap_or_default()),
            Label::Size(size) => taken.avoid(size.tokens()),
            Label::Activation(activation) => taken.avoid(activation.path.clone()),
        }
    }
    for value in program.graph.values() {
        if let Op::Scalar(Function::Own(own)) = &program.graph[value].op {
            taken.avoid(own.path.clone());
        }
    }
    taken
}

fn shape(program: &Program, sizes: &[Size]) -> TokenStream {
    // in parentheses: clippy suspects a missing comma in a product within an array
    let divides = sizes.iter().any(Size::has_quotient);
    statics(divides, sizes.iter().map(|size| constant(program, size)))
}

/// A reference to constant items. A division may panic, so the compiler makes it no static by
/// itself.
fn statics(divides: bool, items: impl Iterator<Item = TokenStream>) -> TokenStream {
    if divides { quote!(const { &[#(#items),*] }) } else { quote!(&[#(#items),*]) }
}

fn len(program: &Program, port: &Port) -> TokenStream {
    constant(program, &Type::sample(port.shape.clone()).len())
}

/// The runtime's description of an input, output or target.
pub fn port(runtime: &TokenStream, program: &Program, port: &Port) -> TokenStream {
    let (name, shape) = (&port.name, shape(program, &port.shape));
    let mut tokens = quote!(#runtime::Port::new(#name, #shape));
    if let Some(Classes { count, ignored }) = &port.classes {
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
    }
    if port.shape.iter().any(Size::is_dynamic) {
        let extents = extents(runtime, program, &port.shape);
        tokens.extend(quote!(.with_extents(#extents)));
    }
    tokens
}

fn parameter(runtime: &TokenStream, program: &Program, parameter: &Parameter) -> TokenStream {
    let Parameter { name, init, .. } = parameter;
    let shape = shape(program, &parameter.shape);
    let transposed = parameter.transposed.then(|| quote!(.transposed()));
    let bias = parameter.is_bias.then(|| quote!(.bias()));
    let frozen = parameter.frozen.then(|| quote!(.frozen(true)));
    let turns = (!parameter.turns.is_empty()).then(|| {
        let turns = self::shape(program, &parameter.turns);
        quote!(.turns(#turns))
    });
    quote! {
        #runtime::Parameter::new(#name, #shape, #runtime::Init::#init)
            #transposed #bias #frozen #turns
    }
}

fn row(runtime: &TokenStream, program: &Program, row: &Row) -> TokenStream {
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
    let parameters = unparenthesised(&row.parameters);
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

/// Assertions of what the macro could not decide.
fn requirements(program: &Program) -> Vec<(Place, TokenStream)> {
    let assertion = |requirement: &crate::program::Requirement| {
        let (left, right) = (requirement.left.tokens(), requirement.right.tokens());
        let relation = match requirement.relation {
            Relation::Equal => quote!(==),
            Relation::AtMost => quote!(<=),
        };
        let message = &requirement.message;
        // braces in it would be places to fill
        let message = message.replace('{', "{{").replace('}', "}}");
        let assertion = quote!(::core::assert!(#left #relation #right, #message););
        (requirement.place, requirement.place.mark(assertion))
    };
    program.requirements.iter().filter(|r| !is_dynamic(r)).map(assertion).collect()
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
