//! Reverse mode on the graph: the gradient of the loss by every parameter, as more operations.

mod elements;
mod learned;
mod postpone;
mod turns;

use crate::ir::kernel::Derivative;
use crate::ir::turns::Region;
use crate::ir::{Graph, Leaf, Node, Op, Pass, Type, Value};
use crate::program::Program;
use postpone::Postponed;
use std::collections::HashMap;

/// One contribution to a parameter's gradient; a shared parameter has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The parameter.
    pub parameter: usize,
    /// What is added to its gradient; within a loop, in every turn.
    pub value: Value,
}

/// Adds the backward pass of `loss` to the graph.
///
/// The gradient flows from the last node to the first; where a value is used more than once, the
/// gradients of its uses are added. Only values that depend on a parameter have one. A loop has a
/// mirror that goes through its turns from the last to the first.
pub fn differentiate(program: &Program, graph: &mut Graph, loss: Value) -> Vec<Contribution> {
    let learned = learned::learned(program, graph);
    let ends = graph.regions().map(|region| graph.end(region)).collect();
    graph.pass = Pass::Backward;
    graph.line = graph[loss].line;
    // the loss of the batch is the mean of its samples' losses
    let seed = graph.leaf(Leaf::BatchMean, Type::shared(Vec::new()));
    let mut reverse = Reverse {
        graph,
        learned,
        ends,
        gradients: HashMap::from([(loss, seed)]),
        collected: HashMap::new(),
        elements: HashMap::new(),
        again: HashMap::new(),
        contributions: Vec::new(),
        postponed: Vec::new(),
    };
    reverse.region(None, loss);
    reverse.contributions
}

/// The backward pass as it grows.
struct Reverse<'a> {
    graph: &'a mut Graph,
    /// Which values of the forward pass depend on a parameter.
    learned: Vec<bool>,
    /// The last value of each loop of the forward pass.
    ends: Vec<Option<Value>>,
    /// The gradients of values that are still to be gone through.
    gradients: HashMap<Value, Value>,
    /// The gradients of sequences, by the loop that collected them and what it collected.
    collected: HashMap<Region, Vec<(Value, Value)>>,
    /// Gradients of a turn's elements of sequences, by the loop and the sequence.
    elements: HashMap<(Region, Value), Value>,
    /// What the backward pass computes again instead of having it kept.
    again: HashMap<Value, Value>,
    contributions: Vec<Contribution>,
    /// Contributions that are sums over all turns of loops, until those have been gone through.
    postponed: Vec<Postponed>,
}

impl Reverse<'_> {
    /// Goes back through a region, the inside of its loops included.
    fn region(&mut self, region: Option<Region>, end: Value) {
        for value in (0..=end.0).rev().map(Value) {
            let at = self.graph[value].region;
            if at == region {
                self.node(value);
            } else if let Some(inner) = self.graph.child(at, region)
                && self.ends[inner.0] == Some(value)
            {
                self.turns(inner, value);
            }
        }
    }

    /// Goes back through one operation.
    fn node(&mut self, value: Value) {
        let Some(gradient) = self.gradients.get(&value).copied() else { return };
        let node = self.graph[value].clone();
        self.graph.line = node.line;
        let wanted: Vec<bool> = node.operands.iter().map(|v| self.learned[v.0]).collect();
        let of_operands = match &node.op {
            // what a loop begins with gets the gradient once the loop is gone through
            Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Stack => return,
            Op::Collect(region) => {
                let whole = self.whole(gradient, &node);
                let entry = self.collected.entry(*region).or_default();
                entry.push((node.operands[0], whole));
                return;
            }
            Op::View => {
                let whole = self.whole(gradient, &node);
                let shape = self.graph.shape(node.operands[0]).to_vec();
                vec![Some(self.graph.view(whole, shape))]
            }
            Op::Scalar(function) => {
                self.name(gradient, &node);
                let operands = self.operands(&node);
                let result = self.present(value);
                function.derivative(self.graph, &operands, result, gradient, &wanted)
            }
            Op::Kernel(_) if self.is_element(value) => {
                let whole = self.whole(gradient, &node);
                return self.add_element(value, whole);
            }
            Op::Kernel(kernel) => {
                let gradient = match kernel.takes_small_gradients() {
                    true => gradient,
                    false => self.graph.expand(gradient, &node.ty),
                };
                self.name(gradient, &node);
                let operands = self.operands(&node);
                let result = self.present(value);
                kernel.derivative(&mut Derivative {
                    graph: self.graph,
                    operands: &operands,
                    result,
                    gradient,
                    wanted: &wanted,
                })
            }
        };
        for (operand, gradient) in node.operands.iter().zip(of_operands) {
            if let Some(gradient) = gradient {
                self.add(*operand, gradient);
            }
        }
    }

    /// Adds to the gradient of a value.
    fn add(&mut self, value: Value, gradient: Value) {
        if !self.learned[value.0] {
            return;
        }
        if let Op::Leaf(Leaf::Parameter(parameter)) = self.graph[value].op {
            // added to the parameter's gradient where it stands, one contribution at a time
            let ty = self.graph.ty(value).clone();
            if self.postpone(value, gradient) {
                return;
            }
            let same = self.graph.ty(gradient).len() == ty.len();
            let whole = if same { gradient } else { self.graph.expand(gradient, &ty) };
            self.contributions.push(Contribution { parameter, value: whole });
            return;
        }
        let sum = match self.gradients.get(&value) {
            Some(others) => self.sum(*others, gradient),
            None => gradient,
        };
        self.gradients.insert(value, sum);
    }

    /// The sum of two gradients; what is zero but for a part is added to that part.
    fn sum(&mut self, others: Value, gradient: Value) -> Value {
        let node = &self.graph[gradient];
        if let Op::Kernel(kernel) = &node.op
            && let Some(onto) = kernel.onto()
            && self.graph.ty(others) == &node.ty
        {
            let operands = vec![others, node.operands[0]];
            let ty = node.ty.clone();
            return self.graph.add(Op::Kernel(onto), operands, ty);
        }
        self.graph.sum(others, gradient)
    }

    /// The operands of a node as the backward pass reads them.
    fn operands(&self, node: &Node) -> Vec<Value> {
        node.operands.iter().map(|operand| self.present(*operand)).collect()
    }

    /// A value, or what the backward pass computed in its place.
    fn present(&self, value: Value) -> Value {
        self.again.get(&value).copied().unwrap_or(value)
    }

    /// The gradient of a node with the node's own type.
    fn whole(&mut self, gradient: Value, node: &Node) -> Value {
        let whole = self.graph.expand(gradient, &node.ty);
        self.name(whole, node);
        whole
    }

    fn name(&mut self, gradient: Value, node: &Node) {
        if !node.name.is_empty() {
            self.graph.name(gradient, &format!("d_{}", node.name));
        }
    }
}
