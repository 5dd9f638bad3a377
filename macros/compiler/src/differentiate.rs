//! Reverse-mode differentiation of the graph: adds nodes for the gradient of the loss with respect
//! to every parameter.

mod elements;
mod exact;
mod groups;
mod hoist_weight_grads;
mod loops;
mod needs_grad;
mod traced;

use crate::ast::Element;
use crate::ir::kernel::{Derivative, sum_of_parts};
use crate::ir::loops::Region;
use crate::ir::{Contribution, Direction, Graph, Leaf, Node, Op, Type, Value};
use crate::program::Program;
use exact::Exact;
use hoist_weight_grads::Postponed;
pub use needs_grad::Wanted;
use needs_grad::needs_grad;
use std::collections::HashMap;
pub use traced::{Flow, differentiate_traced};

/// Adds the backward pass of `loss` to the graph.
///
/// The gradient flows from the last node to the first; the gradients of several uses of a value are
/// added. Only values that depend on a parameter have one. A loop has a mirror: a loop through its
/// iterations from the last to the first.
pub fn differentiate(program: &Program, graph: &mut Graph, loss: Value) -> Vec<Contribution> {
    Reverse::of_loss(program, graph, loss, Wanted::Parameters).contributions
}

/// Adds the gradients of the real inputs with respect to the loss, in the order of the inputs.
pub fn differentiate_inputs(program: &Program, graph: &mut Graph, loss: Value) -> Vec<Value> {
    let inputs = real_inputs(graph);
    let mut reverse = Reverse::of_loss(program, graph, loss, Wanted::Inputs);
    inputs.into_iter().map(|input| reverse.of_input(input)).collect()
}

/// Returns the inputs that hold real numbers.
fn real_inputs(graph: &Graph) -> Vec<Value> {
    let is_real = |value: &Value| {
        let node = &graph[*value];
        matches!(node.op, Op::Leaf(Leaf::Input(_))) && node.ty.element == Element::Real
    };
    graph.values().filter(is_real).collect()
}

/// Adds the backward pass of a network that is a layer of another: from given gradients of its
/// outputs to those of its parameters, if they are wanted, and of each real input.
pub fn differentiate_layer(
    program: &Program,
    graph: &mut Graph,
    outputs: &[Value],
    wanted: Wanted,
) -> (Vec<Contribution>, Vec<Value>) {
    let Some(end) = outputs.iter().max().copied() else { return Default::default() };
    let inputs = real_inputs(graph);
    let mut reverse = Reverse::new(program, graph, end, wanted);
    for (index, ((port, _), output)) in program.outputs.iter().zip(outputs).enumerate() {
        let ty = reverse.graph.ty(*output).clone();
        let gradient = reverse.graph.leaf(Leaf::OutputGradient(index), ty);
        reverse.graph.name(gradient, &format!("d_{}", port.name));
        // one value may be several outputs
        reverse.add(*output, gradient);
    }
    reverse.region(None, end);
    let of_inputs = inputs.into_iter().map(|input| reverse.of_input(input)).collect();
    (reverse.contributions, of_inputs)
}

/// The backward pass under construction.
struct Reverse<'a> {
    graph: &'a mut Graph,
    /// The leaves whose gradients are computed.
    wanted: Wanted,
    /// For each value of the forward pass, `true` if it depends on one of these leaves.
    needs_grad: Vec<bool>,
    /// The last value of each loop of the forward pass.
    ends: Vec<Option<Value>>,
    /// The gradients of values that have not been visited yet.
    gradients: HashMap<Value, Value>,
    /// The gradients of collected sequences, by the loop, with the value that was collected.
    collected: HashMap<Region, Vec<(Value, Value)>>,
    /// The gradients of an iteration's elements of sequences, by the loop and the sequence.
    elements: HashMap<(Region, Value), Value>,
    /// The values that the backward pass computes again instead of having them kept, by the
    /// original.
    again: HashMap<Value, Value>,
    contributions: Vec<Contribution>,
    /// The gradients as they flow, if they are traced.
    flows: Option<Vec<Flow>>,
    /// The values of the forward pass of which others are copies.
    originals: HashMap<Value, Value>,
    /// The gradients of elements of sequences in the iterations of a group, until all groups have
    /// been visited: the loop, the sequence and the gradient.
    of_groups: Vec<(Region, Value, Value)>,
    /// Contributions that accumulate over the iterations of the current loops.
    exact: Vec<Exact>,
    /// Contributions that are sums over all iterations of loops, until these loops have ended.
    postponed: Vec<Postponed>,
}

impl<'a> Reverse<'a> {
    /// Starts a backward pass; `end` is the last value in the order of the graph that it visits.
    fn new(program: &Program, graph: &'a mut Graph, end: Value, wanted: Wanted) -> Self {
        let needs_grad = needs_grad(program, graph, wanted);
        let ends = graph.regions().map(|region| graph.end(region)).collect();
        graph.direction = Direction::Backward;
        graph.line = graph[end].line;
        Self {
            graph,
            wanted,
            needs_grad,
            ends,
            gradients: HashMap::new(),
            collected: HashMap::new(),
            elements: HashMap::new(),
            again: HashMap::new(),
            contributions: Vec::new(),
            flows: None,
            originals: HashMap::new(),
            of_groups: Vec::new(),
            exact: Vec::new(),
            postponed: Vec::new(),
        }
    }

    /// Adds the backward pass of a loss.
    fn of_loss(program: &Program, graph: &'a mut Graph, loss: Value, wanted: Wanted) -> Self {
        let mut reverse = Self::new(program, graph, loss, wanted);
        reverse.loss(loss);
        reverse
    }

    fn loss(&mut self, loss: Value) {
        // the loss of the batch is the mean of its samples' losses
        let seed = self.graph.leaf(Leaf::BatchMean, Type::shared(Vec::new()));
        self.gradients.insert(loss, seed);
        self.region(None, loss);
    }
}

impl Reverse<'_> {
    /// Returns the gradient of an input, zeros if nothing depends on it.
    fn of_input(&mut self, input: Value) -> Value {
        let ty = self.graph.ty(input).clone();
        let gradient = self.gradients.remove(&input);
        let gradient = gradient.unwrap_or_else(|| self.graph.number(0.0));
        let gradient = self.graph.expand(gradient, &ty);
        let name = format!("d_{}", self.graph[input].name);
        self.graph.name(gradient, &name);
        gradient
    }

    /// Differentiates a region in reverse, including its inner loops.
    fn region(&mut self, region: Option<Region>, end: Value) {
        for value in (0..=end.0).rev().map(Value) {
            let at = self.graph[value].region;
            if at == region {
                self.node(value);
            } else if let Some(inner) = self.graph.child(at, region)
                && self.ends[inner.0] == Some(value)
            {
                self.iterations(inner, value);
            }
        }
    }

    /// Differentiates one node.
    fn node(&mut self, value: Value) {
        let Some(gradient) = self.gradients.get(&value).copied() else { return };
        let node = self.graph[value].clone();
        self.graph.line = node.line;
        self.trace_whole(value, gradient, &node);
        let wanted: Vec<bool> = node.operands.iter().map(|v| self.needs_grad[v.0]).collect();
        let of_operands = match &node.op {
            // initial values of loops get their gradients once the loop is differentiated (and
            // windows are opened only in a graph that is complete)
            Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Window(_) | Op::Stack => return,
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
        for (index, (operand, gradient)) in node.operands.iter().zip(of_operands).enumerate() {
            if let Some(gradient) = gradient {
                self.trace_contribution(value, index, gradient);
                self.add(*operand, gradient);
            }
        }
    }

    /// Adds to the gradient of a value.
    fn add(&mut self, value: Value, gradient: Value) {
        // a frozen parameter gets a gradient from kernels that need memory for one
        if let Op::Leaf(Leaf::Parameter(parameter)) = self.graph[value].op {
            if self.wanted == Wanted::Inputs {
                return;
            }
            // added to the parameter's gradient in place, one contribution at a time
            let ty = self.graph.ty(value).clone();
            if self.hoist(value, gradient) {
                return;
            }
            let same = self.graph.ty(gradient).len() == ty.len();
            let whole = if same { gradient } else { self.graph.expand(gradient, &ty) };
            if self.add_exactly(value, whole) {
                return;
            }
            self.contributions.push(Contribution { parameter, value: whole });
            return;
        }
        if !self.needs_grad[value.0] {
            return;
        }
        let sum = match self.gradients.get(&value) {
            Some(others) => self.sum(*others, gradient),
            None => gradient,
        };
        self.gradients.insert(value, sum);
    }

    /// Returns the sum of two gradients; one that is zero except for a part is added to its range
    /// only.
    fn sum(&mut self, others: Value, gradient: Value) -> Value {
        sum_of_parts(self.graph, others, gradient)
            .unwrap_or_else(|| self.graph.sum(others, gradient))
    }

    /// Returns the operands of a node as the backward pass reads them.
    fn operands(&self, node: &Node) -> Vec<Value> {
        node.operands.iter().map(|operand| self.present(*operand)).collect()
    }

    /// Returns the value that the backward pass has computed in place of `value`, or `value`
    /// itself.
    fn present(&self, value: Value) -> Value {
        self.again.get(&value).copied().unwrap_or(value)
    }

    /// Returns the gradient of a node, broadcast to the node's own type.
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
