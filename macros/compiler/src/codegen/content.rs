//! What fills the interface of a network: constants and function bodies.

use super::Options;
use super::buffers::{bind_lengths, slots, unparenthesised, without_parentheses};
use super::function::{Context, body};
use super::interface::Interface;
use super::layer::{self, Layer};
use super::lengths::{Lengths, constant, extent, extents, is_dynamic};
use super::names::Names;
use super::stream::Streaming;
use crate::ast::{Element, Network};
use crate::ir::function::Function;
use crate::ir::{Op, Type};
use crate::pass::{Pass, Passes};
use crate::plan::{Need, Plan};
use crate::program::{Classes, Ignored, Label, Parameter, Port, Program, Relation, Row};
use crate::report::Place;
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, format_ident, quote};

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
    pub layer: Option<Layer>,
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
        let at = Self::vary(program, plan).then(|| {
            let slots = slots(runtime, plan, &Size::tokens);
            let lets = bind_lengths(program, &slots, &quote!(lengths));
            quote!(#lets #slots)
        });
        Self { constant: quote!(&#constant), at }
    }

    /// Whether a pass needs the lengths of its slots from a function.
    fn vary(program: &Program, plan: &Plan) -> bool {
        let asks = |need: &Need| need.len.asks_at_run_time();
        !program.lengths.is_empty() || plan.slots.iter().flatten().any(asks)
    }

    /// Where a function finds the lengths of its slots.
    pub fn of(program: &Program, plan: &Plan, owner: &str, name: &str) -> TokenStream {
        let owner = format_ident!("{owner}");
        let (constant, function) =
            (format_ident!("{}", name.to_uppercase()), format_ident!("{name}"));
        match Self::vary(program, plan) {
            true => quote!(<Self as __monograd::#owner>::#function(tile.lengths)),
            false => quote!(<Self as __monograd::#owner>::#constant),
        }
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
        let written = |pass: &Pass, owner: &str, name: &str| {
            body(&context, pass, &Slots::of(program, &pass.plan, owner, name))
        };
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
            requirements: requirements(program, interface.network, passes),
            infer: written(&passes.infer, "Network", "slots"),
            lengths: Lengths::new(path, program, &flops),
            layer: (passes.layer.as_ref()).map(|layer| Layer::new(path, &context, program, layer)),
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
                    evaluate: written(evaluate, "Trainable", "evaluate_slots"),
                    train: written(train, "Trainable", "train_slots"),
                    measure: passes.measure.as_ref().map(|measure| Measure {
                        names: program.metrics.iter().map(|(name, _)| name.clone()).collect(),
                        slots: Slots::new(path, program, &measure.plan),
                        body: written(measure, "Trainable", "measure_slots"),
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
    let Parameter { name, init, layer, .. } = parameter;
    let shape = shape(program, &parameter.shape);
    let transposed = parameter.transposed.then(|| quote!(.transposed()));
    let bias = parameter.is_bias.then(|| quote!(.bias()));
    let frozen = parameter.frozen.then(|| quote!(.frozen(true)));
    let turns = (!parameter.turns.is_empty()).then(|| {
        let turns = self::shape(program, &parameter.turns);
        quote!(.turns(#turns))
    });
    let new = match layer {
        Some(layer) => {
            let layer = layer.as_layer();
            quote!(#runtime::Parameter::layer(#name, #layer::LAYOUT))
        }
        None => quote!(#runtime::Parameter::new(#name, #shape, #runtime::Init::#init)),
    };
    quote!(#new #transposed #bias #frozen #turns)
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
fn requirements(
    program: &Program,
    network: &Network,
    passes: &Passes,
) -> Vec<(Place, TokenStream)> {
    let assertion = |requirement: &crate::program::Requirement| {
        let (left, right) = (requirement.left.tokens(), requirement.right.tokens());
        let relation = match requirement.relation {
            Relation::Equal => quote!(==),
            Relation::AtMost => quote!(<=),
        };
        let message = &requirement.message;
        // braces in it would be places to fill
        let message = message.replace('{', "{{").replace('}', "}}");
        let arguments = quote!(#left #relation #right, #message);
        let asserted = layer::call(requirement.place, &quote!(::core::assert!), arguments);
        (requirement.place, asserted)
    };
    let fits = program.fits.iter().map(|fit| (fit.place, layer::assertion(fit)));
    let assertions = program.requirements.iter().filter(|r| !is_dynamic(r)).map(assertion);
    let asked = passes.stream.as_ref().ok().filter(|_| network.streaming.is_some());
    let streamed = asked.map(|stream| layer::stepwise_assertions(program, &stream.foreigners()));
    fits.chain(assertions).chain(streamed.into_iter().flatten()).collect()
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
