//! The graph of a mode: what training does otherwise is resolved.

use crate::ir::function::Function;
use crate::ir::kernel::{BatchMean, InEval};
use crate::ir::{Graph, Leaf, Node, Op, Root, Value};
use crate::size::Size;
use std::collections::{HashMap, HashSet};

/// The modes in which a network runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Without randomness.
    Inference,
    /// With the randomness of training.
    Training,
}

/// Returns true if a network does something else in training.
pub fn differs_in_training(graph: &Graph) -> bool {
    let differs = |value: Value| match &graph[value].op {
        Op::Kernel(kernel) => !matches!(kernel.in_eval(), InEval::Same),
        op => *op == Op::Leaf(Leaf::Training),
    };
    graph.values().any(differs)
}

/// Returns the graph of a mode, and the new value of each of the graph's values.
pub fn in_mode(graph: &Graph, mode: Mode) -> (Graph, HashMap<Value, Value>) {
    let mut resolved = Graph::default();
    let mut remap: HashMap<Value, Value> = HashMap::new();
    resolved.adopt_regions(graph, |_| None);
    for value in graph.values() {
        let node = &graph[value];
        let operands: Vec<Value> = node.operands.iter().map(|operand| remap[operand]).collect();
        let to = match &node.op {
            Op::Kernel(kernel) if mode == Mode::Inference => match kernel.in_eval() {
                InEval::Identity => operands[0],
                InEval::Same => resolved.adopt(node, operands),
                InEval::Other(kernel) => {
                    resolved.adopt(&Node { op: Op::Kernel(kernel), ..node.clone() }, operands)
                }
            },
            Op::Leaf(Leaf::Training) => {
                resolved.number(if mode == Mode::Training { 1.0 } else { 0.0 })
            }
            Op::Scalar(function) => match chosen(&resolved, function, &operands) {
                Some(Chosen::Number(x)) if node.ty.is_number() => resolved.number(x),
                // what is not chosen is not computed
                Some(Chosen::Operand(one)) if resolved.ty(one) == &node.ty => one,
                Some(Chosen::Operand(one)) => {
                    let expand = Op::Scalar(Function::Expand);
                    resolved.adopt(&Node { op: expand, ..node.clone() }, vec![one])
                }
                _ => resolved.adopt(node, operands),
            },
            _ => resolved.adopt(node, operands),
        };
        remap.insert(value, to);
    }
    resolved.adopt_regions(graph, |value| remap.get(&value).copied());
    (resolved, remap)
}

/// The result of a function that is known when the macro runs.
enum Chosen {
    Number(f64),
    /// One of the operands.
    Operand(Value),
}

/// Returns the result of a function of operands, if the mode decides it.
fn chosen(graph: &Graph, function: &Function, operands: &[Value]) -> Option<Chosen> {
    let known = |index: usize| operands.get(index).and_then(|value| graph.known_number(*value));
    let holds = |holds: bool| Some(Chosen::Number(f64::from(u8::from(holds))));
    let (a, b) = (known(0)?, known(1));
    match (function, b) {
        (Function::Select, _) => Some(Chosen::Operand(operands[if a == 0.0 { 2 } else { 1 }])),
        (Function::Add, Some(b)) => Some(Chosen::Number(a + b)),
        (Function::Subtract, Some(b)) => Some(Chosen::Number(a - b)),
        (Function::Multiply, Some(b)) => Some(Chosen::Number(a * b)),
        (Function::AtLeast, Some(b)) => holds(a >= b),
        (Function::Above, Some(b)) => holds(a > b),
        (Function::Equal, Some(b)) => holds(a == b),
        (Function::Unequal, Some(b)) => holds(a != b),
        _ => None,
    }
}

/// Returns the fewest samples that a pass takes, each a lower bound, if it has to take all samples
/// of a batch together; `None` if it can process each by itself.
pub fn whole_batch(graph: &Graph, roots: &[Root]) -> Option<Vec<Size>> {
    let mut needed: HashSet<Value> = HashSet::new();
    let mut open: Vec<Value> = roots.iter().map(Root::value).collect();
    // a state is assigned once
    let mut mixes = roots.iter().any(|root| matches!(root, Root::Assign(_)));
    let mut fewest = Vec::new();
    while let Some(value) = open.pop() {
        if !needed.insert(value) {
            continue;
        }
        let node = &graph[value];
        open.extend_from_slice(&node.operands);
        match &node.op {
            Op::Kernel(kernel) => {
                let Some(BatchMean { least }) = kernel.downcast_ref::<BatchMean>() else {
                    continue;
                };
                mixes = true;
                if *least != Size::one() && !fewest.contains(least) {
                    fewest.push(least.clone());
                }
            }
            Op::Leaf(Leaf::Samples) => mixes = true,
            Op::Carried(region) => {
                let carried = graph[*region].carried.iter().find(|c| c.value == value);
                open.extend(carried.map(|carried| carried.next));
            }
            _ => {}
        }
    }
    mixes.then_some(fewest)
}

/// Returns true if the samples of a batch depend on each other in training, or if training assigns
/// states.
pub fn mixes_in_training(graph: &Graph) -> bool {
    let mixes = |value: Value| match &graph[value].op {
        Op::Kernel(kernel) => kernel.is::<BatchMean>(),
        op => matches!(op, Op::Leaf(Leaf::Samples | Leaf::Training)),
    };
    graph.values().any(mixes)
}
