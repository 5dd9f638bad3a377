//! The graphs of the passes: without training's randomness for inference, evaluation, measurement
//! and streams, differentiated for training and for the backward pass of a layer.

mod mode;

pub use mode::whole_batch;

use crate::ast::{Element, Input, Network};
use crate::differentiate::{
    Wanted, differentiate, differentiate_inputs, differentiate_layer, differentiate_traced,
};
use crate::external::External;
use crate::fuse::cost::Estimate;
use crate::heads;
use crate::ir::step::Refusal;
use crate::ir::{Assignment, Graph, Leaf, Op, Root, Value};
use crate::pass::{
    BlockPass, InputGradientPasses, InspectPasses, LayerPasses, PassGraph, Passes, StatePass,
    StreamPass, TracedPass,
};
use crate::program::Program;
use crate::size::Size;
use crate::stream::{Block, Stream, block, further, stream};
use crate::trace::Tracer;
use mode::{Mode, differs_in_training, in_mode, mixes_in_training};
use std::collections::HashMap;

/// Builds the graphs of a checked network's passes; the estimates serve to choose what is faster.
#[must_use]
pub fn graphs(network: &Network, program: &Program, estimate: Estimate<'_>) -> Passes<PassGraph> {
    let eval = Eval::new(program, estimate);
    let (stream, further_refusals) = eval.stream(network.streaming.is_some());
    Passes {
        infer: eval.infer(),
        evaluate: program.loss.map(|loss| eval.evaluate(loss)),
        measure: program
            .loss
            .filter(|_| !program.metrics.is_empty())
            .map(|loss| eval.measure(loss)),
        train: program.loss.map(|loss| train(program, loss, estimate)),
        input_gradients: network.input_gradients.map(|_| eval.input_gradients()),
        inspect: network.inspect.map(|_| InspectPasses {
            look: eval.look(),
            train: program.loss.map(|loss| traced(program, loss)),
        }),
        layer: is_layer(network, program).then(|| LayerPasses {
            backward: layer_backward(program),
            training: differs_in_training(&program.graph).then(|| layer_training(program)),
            stepwise: stream.as_ref().ok().and_then(stepwise),
        }),
        stream,
        further_refusals,
    }
}

/// The graph for when the network is not trained.
struct Eval<'a> {
    program: &'a Program,
    graph: Graph,
    /// The value in this graph of each value of the checked one.
    remap: HashMap<Value, Value>,
    estimate: Estimate<'a>,
}

impl<'a> Eval<'a> {
    fn new(program: &'a Program, estimate: Estimate<'a>) -> Self {
        let (graph, remap) = in_mode(&program.graph, Mode::Inference);
        Self { program, graph, remap, estimate }
    }

    fn graph(&self, roots: Vec<Root>) -> PassGraph {
        PassGraph { graph: self.graph.clone(), roots }
    }

    /// Returns the roots for outputs with these values of the checked graph.
    fn outputs(&self, values: impl Iterator<Item = Value>) -> Vec<Root> {
        outputs(values.map(|value| self.remap[&value]))
    }

    fn infer(&self) -> PassGraph {
        self.graph(self.outputs(self.program.outputs.iter().map(|(_, value)| *value)))
    }

    fn evaluate(&self, loss: Value) -> PassGraph {
        heads::fuse(&self.graph, vec![Root::Loss(self.remap[&loss])], self.estimate)
    }

    fn measure(&self, loss: Value) -> PassGraph {
        let metrics = self.outputs(self.program.metrics.iter().map(|(_, value)| *value));
        let loss = Root::Loss(self.remap[&loss]);
        let roots = std::iter::once(loss).chain(metrics).collect();
        heads::fuse(&self.graph, roots, self.estimate)
    }

    fn look(&self) -> TracedPass<PassGraph> {
        let mut tracer = Tracer::new(self.program, self.graph.clone(), &self.remap);
        let shown = tracer.shown();
        let (pass, trace) = tracer.finish(Vec::new(), shown);
        TracedPass { pass, trace }
    }

    fn input_gradients(&self) -> InputGradientPasses<PassGraph> {
        let values: Vec<Value> =
            self.program.outputs.iter().map(|(_, value)| self.remap[value]).collect();
        let mut graph = self.graph.clone();
        let (_, of_inputs) = differentiate_layer(self.program, &mut graph, &values, Wanted::Inputs);
        let vjp = PassGraph { graph, roots: outputs(of_inputs.into_iter()) };
        let loss = self.program.loss.map(|loss| {
            let (mut graph, loss) = (self.graph.clone(), self.remap[&loss]);
            let of_inputs = differentiate_inputs(self.program, &mut graph, loss);
            let mut roots = vec![Root::Loss(loss)];
            roots.extend(outputs(of_inputs.into_iter()));
            PassGraph { graph, roots }
        });
        InputGradientPasses { vjp, loss }
    }

    /// Returns the streaming form, or the reason why there is none; all reasons if the
    /// network asks for it.
    fn stream(&self, asked: bool) -> (Result<StreamPass<PassGraph>, Refusal>, Vec<Refusal>) {
        let lengths = &self.program.lengths;
        let outputs = self.program.outputs.iter().map(|(_, value)| self.remap[value]);
        let outputs: Vec<Value> = outputs.collect();
        match stream(lengths, &self.graph, &outputs) {
            Ok(step) => {
                let block = block(lengths, &self.graph, &outputs, &step).map(|block| {
                    let Block { graph, roots, states, lengths } = block;
                    let block = StatePass { pass: PassGraph { graph, roots }, states };
                    BlockPass { block, lengths }
                });
                let Stream { graph, roots, states } = step;
                let step = StatePass { pass: PassGraph { graph, roots }, states };
                (Ok(StreamPass { step, block }), Vec::new())
            }
            Err(first) => {
                let others = asked.then(|| further(lengths, &self.graph, &outputs, &first));
                let others = others.into_iter().flatten();
                let others = others.map(|refusal| self.in_program(refusal)).collect();
                (Err(self.in_program(first)), others)
            }
        }
    }

    /// Returns the refusal for the value of the checked graph.
    fn in_program(&self, refusal: Refusal) -> Refusal {
        let remapped = self.remap.iter().filter(|(_, to)| **to == refusal.value);
        let first = remapped.map(|(from, _)| *from).min().unwrap_or(refusal.value);
        Refusal { value: first, ..refusal }
    }
}

/// Returns the roots for these values as outputs.
fn outputs(values: impl Iterator<Item = Value>) -> Vec<Root> {
    values.enumerate().map(|(index, value)| Root::Output(index, value)).collect()
}

fn train(program: &Program, loss: Value, estimate: Estimate<'_>) -> PassGraph {
    let trained = Trained::new(program);
    let assigned = program.assignments.iter().map(|assignment| {
        Root::Assign(Assignment { value: trained.value(assignment.value), ..*assignment })
    });
    let roots = std::iter::once(Root::Loss(trained.value(loss))).chain(assigned).collect();
    let PassGraph { mut graph, mut roots } = heads::fuse(&trained.graph, roots, estimate);
    let contributions = differentiate(program, &mut graph, roots[0].value());
    roots.splice(1..1, contributions.into_iter().map(Root::Gradient));
    heads::join(PassGraph { graph, roots })
}

fn traced(program: &Program, loss: Value) -> TracedPass<PassGraph> {
    let mut trained = Trained::new(program);
    let loss = trained.value(loss);
    let (contributions, flows) = differentiate_traced(program, &mut trained.graph, loss);
    let mut roots = vec![Root::Loss(loss)];
    roots.extend(contributions.into_iter().map(Root::Gradient));
    let Trained { graph, remap } = trained;
    let mut tracer = Tracer::new(program, graph, &remap);
    tracer.results();
    tracer.gradients(&flows);
    let mut shown = tracer.shown();
    tracer.with_gradients(&mut shown);
    let (pass, trace) = tracer.finish(roots, shown);
    TracedPass { pass, trace }
}

fn layer_backward(program: &Program) -> PassGraph {
    let mut trained = Trained::new(program);
    let values = program.outputs.iter().map(|(_, value)| trained.value(*value)).collect::<Vec<_>>();
    let (contributions, of_inputs) =
        differentiate_layer(program, &mut trained.graph, &values, Wanted::Both);
    let mut roots = outputs(of_inputs.into_iter());
    roots.extend(contributions.into_iter().map(Root::Gradient));
    PassGraph { graph: trained.graph, roots }
}

fn layer_training(program: &Program) -> PassGraph {
    let trained = Trained::new(program);
    let roots = outputs(program.outputs.iter().map(|(_, value)| trained.value(*value)));
    PassGraph { graph: trained.graph, roots }
}

/// The graph for when the network is trained.
struct Trained {
    graph: Graph,
    /// The value in this graph of each value of the checked one, where it is another one.
    remap: HashMap<Value, Value>,
}

impl Trained {
    fn new(program: &Program) -> Self {
        let depends = |value: Value| program.graph[value].op == Op::Leaf(Leaf::Training);
        if !program.graph.values().any(depends) {
            return Self { graph: program.graph.clone(), remap: HashMap::new() };
        }
        let (graph, remap) = in_mode(&program.graph, Mode::Training);
        Self { graph, remap }
    }

    fn value(&self, value: Value) -> Value {
        self.remap.get(&value).copied().unwrap_or(value)
    }
}

/// Returns true if networks of other modules can apply it as a layer: they can name it, its inputs
/// are real numbers, which have gradients, and it processes each sample by itself.
fn is_layer(network: &Network, program: &Program) -> bool {
    let real = |input: &Input| matches!(input.kind, Some((Element::Real, _)));
    !matches!(network.visibility, syn::Visibility::Inherited)
        && network.inputs.iter().all(real)
        && !mixes_in_training(&program.graph)
}

/// Returns the external layers that have to be stepwise for the network to be so, if no step of its
/// streaming form depends on an earlier one, nor on how many there were.
fn stepwise(stream: &StreamPass<PassGraph>) -> Option<Vec<External>> {
    let graph = &stream.step.pass.graph;
    let counts = |value: Value| match &graph[value].op {
        Op::Leaf(Leaf::Count(size)) => size.is_dynamic(),
        _ => graph.shape(value).iter().any(Size::is_dynamic),
    };
    let is_stepwise = stream.step.states.is_empty() && !graph.values().any(counts);
    is_stepwise.then(|| graph.streamed_layers())
}
