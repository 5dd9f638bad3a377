//! The passes of a network: inference, evaluation and training, each differentiated, fused and
//! planned.

use crate::ast::{Expr, ExprKind, Generic, Network};
use crate::differentiate::differentiate;
use crate::fuse::{Root, Schedule, fuse, visit};
use crate::ir::function::Function;
use crate::ir::{Graph, Op, Value};
use crate::plan::{Plan, plan};
use crate::program::Program;
use crate::size::Size;
use crate::stream::{Refusal, State, stream};
use std::collections::HashMap;

/// One pass, ready to be written down.
pub struct Pass {
    /// What is computed.
    pub graph: Graph,
    /// What for.
    pub roots: Vec<Root>,
    /// In which steps.
    pub schedule: Schedule,
    /// In which memory.
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
    /// One step of the streaming form, or why there is none.
    pub stream: Result<StreamPass, Refusal>,
}

/// One step of the streaming form.
pub struct StreamPass {
    /// The step.
    pub pass: Pass,
    /// What is kept from step to step.
    pub states: Vec<State>,
}

/// Prepares the passes of a checked network.
#[must_use]
pub fn passes(network: &Network, program: &Program) -> Passes {
    let sizes = probable_sizes(network, program);
    let finish = |graph: Graph, roots: Vec<Root>| {
        let schedule = fuse(&graph, &roots);
        let plan = plan(&graph, &roots, &schedule, &|size| size.estimate(&sizes));
        Pass { graph, roots, schedule, plan }
    };
    let (calm, moved) = without_randomness(&program.graph);
    let given: Vec<Value> = program.outputs.iter().map(|(_, value)| moved[value]).collect();
    let stream = match stream(program, &calm, &given) {
        Ok(stream) => {
            Ok(StreamPass { pass: finish(stream.graph, stream.roots), states: stream.states })
        }
        Err(refusal) => Err(in_program(refusal, &moved)),
    };
    let outputs = program.outputs.iter().enumerate();
    let infer = outputs.map(|(i, (_, value))| Root::Output(i, moved[value])).collect();
    let evaluate = program.loss.map(|loss| finish(calm.clone(), vec![Root::Loss(moved[&loss])]));
    let measure = program.loss.filter(|_| !program.metrics.is_empty()).map(|loss| {
        let metrics = program.metrics.iter().enumerate();
        let metrics = metrics.map(|(i, (_, value))| Root::Output(i, moved[value]));
        let roots = std::iter::once(Root::Loss(moved[&loss])).chain(metrics).collect();
        finish(calm.clone(), roots)
    });
    let train = program.loss.map(|loss| {
        let mut graph = program.graph.clone();
        let contributions = differentiate(program, &mut graph, loss);
        let mut roots = vec![Root::Loss(loss)];
        roots.extend(contributions.into_iter().map(Root::Gradient));
        finish(graph, roots)
    });
    Passes { infer: finish(calm, infer), evaluate, measure, train, stream }
}

/// A refusal of a value of the checked program, not of the rebuilt graph.
fn in_program(refusal: Refusal, moved: &HashMap<Value, Value>) -> Refusal {
    let mut before = moved.iter().filter(|(_, to)| **to == refusal.value).map(|(from, _)| *from);
    let first = before.next().unwrap_or(refusal.value);
    Refusal { value: before.fold(first, Value::min), ..refusal }
}

/// The graph as it is when the network is not trained, and where its values went.
fn without_randomness(graph: &Graph) -> (Graph, HashMap<Value, Value>) {
    let mut calm = Graph::default();
    let mut moved: HashMap<Value, Value> = HashMap::new();
    calm.adopt_regions(graph, |_| None);
    for value in graph.values() {
        let node = &graph[value];
        let operands: Vec<Value> = node.operands.iter().map(|operand| moved[operand]).collect();
        let to = match &node.op {
            Op::Kernel(kernel) if kernel.is_identity_outside_training() => operands[0],
            _ => calm.adopt(node, operands),
        };
        moved.insert(value, to);
    }
    calm.adopt_regions(graph, |value| moved.get(&value).copied());
    (calm, moved)
}

/// The defaults of const parameters and the bounds of run-time sizes; they only serve to choose
/// between buffers.
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

impl Pass {
    /// Operations for one sample.
    #[must_use]
    pub fn flops(&self) -> Size {
        let mut sum = Size::default();
        visit(&self.schedule.steps, &mut |step| {
            for value in step.kind.values() {
                let around: Vec<_> = self.graph.enclosing(self.graph[value].region).collect();
                sum = sum.plus(&self.graph.turns(&around).times(&self.flops_of(value)));
            }
        });
        sum
    }

    fn flops_of(&self, value: Value) -> Size {
        let node = &self.graph[value];
        match &node.op {
            Op::Kernel(kernel) => {
                let types: Vec<_> = node.operands.iter().map(|v| self.graph.ty(*v)).collect();
                kernel.flops(&types, &node.ty)
            }
            Op::Scalar(Function::Expand) => Size::default(),
            Op::Scalar(_) if !node.ty.is_number() => node.ty.len(),
            _ => Size::default(),
        }
    }
}
