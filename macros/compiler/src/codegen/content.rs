//! The content of a network's items: constants and function bodies.

use super::Options;
use super::assertions::assertions;
use super::batch::whole_batch;
use super::body::{Context, body};
use super::description::{len, parameter, port, row};
use super::input_gradients::InputGradients;
use super::inspect::Inspect;
use super::interface::Interface;
use super::layer::Layer;
use super::lengths::Slots;
use super::lengths::{Lengths, constant};
use super::names::Names;
use super::stream::Streaming;
use crate::ast::{Element, Network};
use crate::ir::function::UserFn;
use crate::ir::kernel::fused_weight;
use crate::ir::{Leaf, Op, Value};
use crate::pass::{Pass, Passes};
use crate::program::{Label, Program};
use crate::report::Place;
use crate::size::without_parentheses;
use crate::sketch::{Drawing, drawing};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, format_ident, quote};

/// The content of a network's items: constants and function bodies.
#[derive(Default)]
pub struct Content {
    /// `None` in a stub if they are unknown.
    pub inputs: Option<Vec<Element>>,
    pub outputs: usize,
    /// In a stub, the value of the constants in place of all else.
    pub fault: Option<TokenStream>,
    pub layout: Vec<TokenStream>,
    pub input_ports: Vec<TokenStream>,
    pub output_ports: Vec<TokenStream>,
    pub input_lens: Vec<TokenStream>,
    pub rows: Vec<TokenStream>,
    pub flops: TokenStream,
    /// The layers and operations as written, as one text, of which graphs are drawn.
    pub drawing: String,
    pub formulas: String,
    pub drawing_sizes: Vec<TokenStream>,
    /// The names of the weights whose products are computed with a cross entropy.
    pub fused_heads: Vec<String>,
    pub slots: Slots,
    pub own: Vec<UserFn>,
    pub assertions: Vec<(Place, TokenStream)>,
    pub infer: TokenStream,
    pub lengths: Option<Lengths>,
    pub training: Option<Training>,
    pub streaming: Option<Streaming>,
    pub layer: Option<Layer>,
    pub inspect: Option<Inspect>,
    pub input_gradients: Option<InputGradients>,
    /// The body of the function that tells which passes take whole batches, unless none does.
    pub whole_batch: Option<TokenStream>,
}

/// The content that only a network with a loss has.
#[derive(Default)]
pub struct Training {
    /// `None` in a stub if they are unknown.
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

/// The content that only a network with metrics has.
pub struct Measure {
    pub names: Vec<String>,
    pub slots: Slots,
    pub body: TokenStream,
}

impl Content {
    /// Returns the content of a checked network.
    pub fn new(
        interface: &Interface<'_>,
        program: &Program,
        passes: &Passes,
        options: &Options,
    ) -> Self {
        let path = &interface.private;
        let context = Context {
            runtime: path.clone(),
            scalar: interface.scalar.clone(),
            simd: interface.simd.clone(),
            taken: taken(interface.network, program),
            program,
            comments: options.comments,
        };
        let written = |pass: &Pass, owner: &str, name: &str| {
            body(&context, pass, &Slots::of(program, &pass.plan, owner, name))
        };
        let flops = passes.infer.flops();
        let Drawing { text, sizes } = drawing(program);
        Self {
            inputs: Some(program.inputs.iter().map(|port| port.element).collect()),
            outputs: program.outputs.len(),
            fault: None,
            layout: program.parameters.iter().map(|p| parameter(path, program, p)).collect(),
            input_ports: program.inputs.iter().map(|p| port(path, program, p)).collect(),
            output_ports: program.outputs.iter().map(|(p, _)| port(path, program, p)).collect(),
            input_lens: program.inputs.iter().map(|p| len(program, p)).collect(),
            rows: program.rows.iter().map(|r| row(path, program, r)).collect(),
            flops: without_parentheses(constant(program, &flops)),
            drawing: text,
            formulas: program.formulas.clone(),
            drawing_sizes: sizes.iter().map(|size| constant(program, size)).collect(),
            fused_heads: passes.train.as_ref().map_or_else(Vec::new, |t| fused_heads(program, t)),
            slots: Slots::new(path, program, &passes.infer.plan),
            own: program.own.clone(),
            assertions: assertions(path, program, interface.network, passes),
            infer: written(&passes.infer, "Network", "slots"),
            lengths: Lengths::new(path, program, &flops),
            whole_batch: whole_batch(path, program, passes),
            input_gradients: (passes.input_gradients.as_ref())
                .map(|passes| InputGradients::new(path, &context, program, passes)),
            inspect: (passes.inspect.as_ref())
                .map(|passes| Inspect::new(path, &context, program, passes)),
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
}

/// Returns the names of the weights whose products a pass computes together with a cross entropy; the
/// variable's name for one that is computed.
fn fused_heads(program: &Program, pass: &Pass) -> Vec<String> {
    let name = |weight: Value| match pass.graph[weight].op {
        Op::Leaf(Leaf::Parameter(index)) => program.parameters[index].name.clone(),
        _ => pass.graph[weight].name.clone(),
    };
    let weights = pass.graph.values().filter_map(|value| fused_weight(&pass.graph, value));
    weights.map(name).collect()
}

/// Returns the names of the user's types, which generated code mentions.
fn taken(network: &Network, program: &Program) -> Names {
    let mut taken = Names::default();
    taken.avoid(network.generics.iter().map(|generic| generic.name().to_token_stream()).collect());
    for label in program.rows.iter().flat_map(|row| &row.layer) {
        match label {
            Label::Text(text) => taken.avoid(text.parse().unwrap_or_default()),
            Label::Size(size) => taken.avoid(size.tokens()),
            Label::Activation(activation) => taken.avoid(activation.path.clone()),
        }
    }
    taken
}

/// Emits the statements that compute the factor of each cross entropy.
fn normalisers(context: &Context<'_>) -> TokenStream {
    let Context { runtime, scalar, program, .. } = context;
    let scalar = quote!(#scalar);
    if program.normalisers.is_empty() {
        return TokenStream::new();
    }
    let used: Vec<usize> = program.normalisers.iter().map(|n| n.target).collect();
    let names = (0..program.targets.len()).map(|index| {
        if used.contains(&index) {
            let name = format_ident!("target{index}");
            quote!(#name)
        } else {
            quote!(_)
        }
    });
    let lines = program.normalisers.iter().enumerate().map(|(index, normaliser)| {
        let target = format_ident!("target{}", normaliser.target);
        let options = normaliser.options.tokens(runtime, &scalar);
        let index = Literal::usize_unsuffixed(index);
        quote!(normalisers[#index] = #runtime::loss::normaliser(samples, #target, &#options);)
    });
    quote! {
        let (#(#names,)*) = targets;
        #(#lines)*
    }
}
