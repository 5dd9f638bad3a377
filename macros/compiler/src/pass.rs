//! The passes of a network: inference, evaluation and training, each differentiated, fused and
//! planned.

use crate::ast::{Element, Expr, ExprKind, Generic, Input, Network};
use crate::differentiate::{differentiate, differentiate_layer};
use crate::external::External;
use crate::fuse::cost::Estimate;
use crate::fuse::{Root, Schedule, fuse, views, visit};
use crate::ir::{Graph, Leaf, Node, Op, Value};
use crate::plan::{Plan, plan};
use crate::program::Program;
use crate::size::Size;
use crate::stream::{Refusal, State, further, stream};
use std::collections::HashMap;

/// A pass, ready for code generation.
pub struct Pass {
    /// The graph.
    pub graph: Graph,
    /// The values that it is run for.
    pub roots: Vec<Root>,
    /// The steps that compute them.
    pub schedule: Schedule,
    /// The plan of their memory.
    pub plan: Plan,
}

/// All passes of a network.
pub struct Passes {
    /// From inputs to outputs.
    pub infer: Pass,
    /// From inputs and targets to the loss.
    pub evaluate: Option<Pass>,
    /// From inputs and targets to the loss and every metric, if there are metrics.
    pub measure: Option<Pass>,
    /// From inputs and targets to the loss and every gradient.
    pub train: Option<Pass>,
    /// The passes by which another network applies it as a layer, if one can name it.
    pub layer: Option<LayerPasses>,
    /// One step of the streaming form, or the reason why there is none.
    pub stream: Result<StreamPass, Refusal>,
    /// The other reasons why there is none, if the network asks for one.
    pub further_refusals: Vec<Refusal>,
}

/// The passes of a network that is a layer of another.
pub struct LayerPasses {
    /// From the gradients of outputs to those of inputs and parameters.
    pub backward: Pass,
    /// From inputs to outputs with training's randomness, if there is any.
    pub training: Option<Pass>,
    /// If no step of the streaming form depends on another: the external layers for which the same
    /// has to hold.
    pub stepwise: Option<Vec<External>>,
}

/// One step of the streaming form.
pub struct StreamPass {
    /// The pass of the step.
    pub pass: Pass,
    /// The states, which are kept from step to step.
    pub states: Vec<State>,
}

/// Prepares the passes of a checked network.
#[must_use]
pub fn passes(network: &Network, program: &Program) -> Passes {
    let sizes = probable_sizes(network, program);
    passes_by(network, program, &|size| size.estimate(&sizes))
}

/// Prepares the passes by another estimate of sizes, which only serves to choose between variants
/// of the code, such as buffers, loops, and copies or slices in place.
#[must_use]
pub fn passes_by(network: &Network, program: &Program, estimate: Estimate<'_>) -> Passes {
    let finish = |mut graph: Graph, roots: Vec<Root>| {
        views::open(&mut graph, &roots, estimate);
        let schedule = fuse(&graph, &roots, estimate);
        let plan = plan(&graph, &roots, &schedule, estimate);
        Pass { graph, roots, schedule, plan }
    };
    let (eval_graph, remap) = without_randomness(&program.graph);
    let given: Vec<Value> = program.outputs.iter().map(|(_, value)| remap[value]).collect();
    let stream = stream(program, &eval_graph, &given);
    let refused = stream.as_ref().err().cloned();
    let stream = match stream {
        Ok(stream) => {
            Ok(StreamPass { pass: finish(stream.graph, stream.roots), states: stream.states })
        }
        Err(refusal) => Err(in_program(refusal, &remap)),
    };
    let further_refusals = match (&refused, network.streaming) {
        (Some(first), Some(_)) => further(program, &eval_graph, &given, first)
            .into_iter()
            .map(|refusal| in_program(refusal, &remap))
            .collect(),
        _ => Vec::new(),
    };
    let outputs = program.outputs.iter().enumerate();
    let infer = outputs.map(|(i, (_, value))| Root::Output(i, remap[value])).collect();
    let evaluate =
        program.loss.map(|loss| finish(eval_graph.clone(), vec![Root::Loss(remap[&loss])]));
    let measure = program.loss.filter(|_| !program.metrics.is_empty()).map(|loss| {
        let metrics = program.metrics.iter().enumerate();
        let metrics = metrics.map(|(i, (_, value))| Root::Output(i, remap[value]));
        let roots = std::iter::once(Root::Loss(remap[&loss])).chain(metrics).collect();
        finish(eval_graph.clone(), roots)
    });
    let train = program.loss.map(|loss| {
        let mut graph = program.graph.clone();
        let contributions = differentiate(program, &mut graph, loss);
        let mut roots = vec![Root::Loss(loss)];
        roots.extend(contributions.into_iter().map(Root::Gradient));
        finish(graph, roots)
    });
    let layer = is_layer(network).then(|| layer_passes(program, &finish, &stream));
    Passes {
        infer: finish(eval_graph, infer),
        evaluate,
        measure,
        train,
        layer,
        stream,
        further_refusals,
    }
}

/// Returns true if networks of other modules can apply it as a layer: they can name it, and its
/// inputs are real numbers, which have gradients.
fn is_layer(network: &Network) -> bool {
    let real = |input: &Input| matches!(input.kind, Some((Element::Real, _)));
    !matches!(network.visibility, syn::Visibility::Inherited) && network.inputs.iter().all(real)
}

fn layer_passes(
    program: &Program,
    finish: &dyn Fn(Graph, Vec<Root>) -> Pass,
    stream: &Result<StreamPass, Refusal>,
) -> LayerPasses {
    let outputs = |(index, value): (usize, Value)| Root::Output(index, value);
    let mut graph = program.graph.clone();
    let (contributions, of_inputs) = differentiate_layer(program, &mut graph);
    let mut roots: Vec<Root> = of_inputs.into_iter().enumerate().map(outputs).collect();
    roots.extend(contributions.into_iter().map(Root::Gradient));
    let is_random = |value: &Value| match &program.graph[*value].op {
        Op::Kernel(kernel) => {
            kernel.is_identity_outside_training() || kernel.outside_training().is_some()
        }
        _ => false,
    };
    let training = program.graph.values().any(|value| is_random(&value)).then(|| {
        let given = program.outputs.iter().map(|(_, value)| *value).enumerate();
        finish(program.graph.clone(), given.map(outputs).collect())
    });
    let stepwise = stream.as_ref().ok().filter(|stream| stream.is_stepwise());
    let stepwise = stepwise.map(StreamPass::externals);
    LayerPasses { backward: finish(graph, roots), training, stepwise }
}

/// Returns the refusal for the value of the checked program, instead of that of the rebuilt graph.
fn in_program(refusal: Refusal, remap: &HashMap<Value, Value>) -> Refusal {
    let mut before = remap.iter().filter(|(_, to)| **to == refusal.value).map(|(from, _)| *from);
    let first = before.next().unwrap_or(refusal.value);
    Refusal { value: before.fold(first, Value::min), ..refusal }
}

/// Returns the graph for when the network is not trained, and the new value of each of its values.
fn without_randomness(graph: &Graph) -> (Graph, HashMap<Value, Value>) {
    let mut eval_graph = Graph::default();
    let mut remap: HashMap<Value, Value> = HashMap::new();
    eval_graph.adopt_regions(graph, |_| None);
    for value in graph.values() {
        let node = &graph[value];
        let operands: Vec<Value> = node.operands.iter().map(|operand| remap[operand]).collect();
        let to = match &node.op {
            Op::Kernel(kernel) if kernel.is_identity_outside_training() => operands[0],
            Op::Kernel(kernel) => match kernel.outside_training() {
                Some(kernel) => {
                    eval_graph.adopt(&Node { op: Op::Kernel(kernel), ..node.clone() }, operands)
                }
                None => eval_graph.adopt(node, operands),
            },
            _ => eval_graph.adopt(node, operands),
        };
        remap.insert(value, to);
    }
    eval_graph.adopt_regions(graph, |value| remap.get(&value).copied());
    (eval_graph, remap)
}

/// Returns the defaults of const parameters and the bounds of run-time sizes.
fn probable_sizes(network: &Network, program: &Program) -> HashMap<String, f64> {
    let default = |generic: &Generic| match generic {
        Generic::Size { name, default: Some(Expr { kind: ExprKind::Number(n), .. }) } => {
            Some((name.to_string(), *n))
        }
        _ => None,
    };
    let mut sizes: HashMap<String, f64> = network.generics.iter().filter_map(default).collect();
    for length in &program.lengths {
        if let Some(bound) = &length.bound {
            sizes.insert(length.name.clone(), bound.estimate(&sizes));
        }
    }
    sizes
}

impl StreamPass {
    /// Returns the external layers that are applied to one step.
    #[must_use]
    pub fn externals(&self) -> Vec<External> {
        let graph = &self.pass.graph;
        let layer = |value: Value| match &graph[value].op {
            Op::Kernel(kernel) => kernel.stepwise().cloned(),
            _ => None,
        };
        let mut layers: Vec<External> = graph.values().filter_map(layer).collect();
        layers.sort();
        layers.dedup();
        layers
    }

    /// Returns true if no step depends on an earlier one, nor on how many there were.
    fn is_stepwise(&self) -> bool {
        let graph = &self.pass.graph;
        let counts = |value: Value| match &graph[value].op {
            Op::Leaf(Leaf::Count(size)) => size.is_dynamic(),
            _ => graph.shape(value).iter().any(Size::is_dynamic),
        };
        self.states.is_empty() && !graph.values().any(counts)
    }
}

impl Pass {
    /// Returns the number of operations for one sample.
    #[must_use]
    pub fn flops(&self) -> Size {
        let mut sum = Size::default();
        visit(&self.schedule.steps, &mut |step| {
            for value in step.kind.values() {
                sum = sum.plus(&self.graph.flops(value));
            }
        });
        sum
    }
}
