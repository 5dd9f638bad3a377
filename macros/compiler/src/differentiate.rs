//! Reverse mode on the graph: the gradient of the loss by every parameter, as more operations.

use crate::ir::kernel::Derivative;
use crate::ir::{Graph, Leaf, Op, Pass, Type, Value};
use crate::program::Program;
use std::collections::HashMap;

/// One contribution to a parameter's gradient; a shared parameter has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The parameter.
    pub parameter: usize,
    /// What is added to its gradient.
    pub value: Value,
}

/// Adds the backward pass of `loss` to the graph.
///
/// The gradient flows from the last node to the first; where a value is used more than once, the
/// gradients of its uses are added. Only values that depend on a parameter have one.
pub fn differentiate(program: &Program, graph: &mut Graph, loss: Value) -> Vec<Contribution> {
    let learned = learned(program, graph);
    let mut gradients: HashMap<Value, Value> = HashMap::new();
    let mut contributions = Vec::new();
    graph.pass = Pass::Backward;
    graph.line = graph[loss].line;
    // the loss of the batch is the mean of its samples' losses
    let seed = graph.leaf(Leaf::BatchMean, Type::shared(Vec::new()));
    gradients.insert(loss, seed);
    for value in graph.values().rev().filter(|value| *value <= loss) {
        let Some(gradient) = gradients.get(&value).copied() else { continue };
        let node = graph[value].clone();
        graph.line = node.line;
        let wanted: Vec<bool> = node.operands.iter().map(|operand| learned[operand.0]).collect();
        let name = |graph: &mut Graph, gradient| {
            if !node.name.is_empty() {
                graph.name(gradient, &format!("d_{}", node.name));
            }
        };
        let of_operands = match &node.op {
            Op::Leaf(Leaf::Parameter(parameter)) => {
                let expanded = graph.expand(gradient, &node.ty);
                contributions.push(Contribution { parameter: *parameter, value: expanded });
                continue;
            }
            Op::Leaf(_) => continue,
            Op::View => {
                let whole = graph.expand(gradient, &node.ty);
                name(graph, whole);
                let shape = graph.shape(node.operands[0]).to_vec();
                vec![Some(graph.view(whole, shape))]
            }
            Op::Scalar(function) => {
                name(graph, gradient);
                function.derivative(graph, &node.operands, value, gradient, &wanted)
            }
            Op::Kernel(kernel) => {
                let gradient = if kernel.takes_small_gradients() {
                    gradient
                } else {
                    graph.expand(gradient, &node.ty)
                };
                name(graph, gradient);
                let operands = &node.operands;
                kernel.derivative(&mut Derivative {
                    graph,
                    operands,
                    result: value,
                    gradient,
                    wanted: &wanted,
                })
            }
        };
        for ((operand, gradient), wanted) in node.operands.iter().zip(of_operands).zip(wanted) {
            let (Some(gradient), true) = (gradient, wanted) else { continue };
            if let Op::Leaf(Leaf::Parameter(parameter)) = graph[*operand].op
                && is_whole(graph, gradient, *operand)
            {
                // added to the parameter's gradient where it stands, one contribution at a time
                contributions.push(Contribution { parameter, value: gradient });
                continue;
            }
            let sum = match gradients.get(operand) {
                Some(others) => graph.sum(*others, gradient),
                None => gradient,
            };
            gradients.insert(*operand, sum);
        }
    }
    contributions
}

fn is_whole(graph: &Graph, gradient: Value, operand: Value) -> bool {
    graph.ty(gradient).len() == graph.ty(operand).len()
}

/// Which values depend on a parameter that is not frozen.
fn learned(program: &Program, graph: &Graph) -> Vec<bool> {
    let mut learned = Vec::new();
    for value in graph.values() {
        let node = &graph[value];
        learned.push(match node.op {
            Op::Leaf(Leaf::Parameter(index)) => !program.parameters[index].frozen,
            _ => !node.op.is_flat() && node.operands.iter().any(|operand| learned[operand.0]),
        });
    }
    learned
}
