//! Records the gradients of the backward pass as they flow.

use super::{Reverse, Wanted};
use crate::ir::{Contribution, Graph, Node, Value};
use crate::program::Program;
use crate::trace::is_traceable;

/// A gradient in the backward pass.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// The value of the forward pass whose derivative is computed.
    pub of: Value,
    /// `None` for the whole gradient of the value; otherwise the operand to whose gradient the
    /// derivative contributes.
    pub operand: Option<usize>,
    /// The gradient.
    pub gradient: Value,
}

/// Does the same as [`differentiate`](super::differentiate), and returns the gradients of all values as they flow as well.
pub fn differentiate_traced(
    program: &Program,
    graph: &mut Graph,
    loss: Value,
) -> (Vec<Contribution>, Vec<Flow>) {
    let mut reverse = Reverse::new(program, graph, loss, Wanted::Parameters);
    reverse.flows = Some(Vec::new());
    reverse.loss(loss);
    (reverse.contributions, reverse.flows.unwrap_or_default())
}

impl Reverse<'_> {
    /// Records the whole gradient of a value, in memory of its own.
    pub(super) fn trace_whole(&mut self, value: Value, gradient: Value, node: &Node) {
        if self.flows.is_none() {
            return;
        }
        let whole = self.graph.expand(gradient, &node.ty);
        let gradient = if is_traceable(self.graph, whole) { whole } else { self.graph.copy(whole) };
        self.record(Flow { of: value, operand: None, gradient });
    }

    /// Records the contribution to the gradient of an operand, if an operation of its own computes it.
    pub(super) fn trace_contribution(&mut self, value: Value, operand: usize, gradient: Value) {
        if self.flows.is_some() && is_traceable(self.graph, gradient) {
            self.record(Flow { of: value, operand: Some(operand), gradient });
        }
    }

    fn record(&mut self, flow: Flow) {
        let of = self.originals.get(&flow.of).copied().unwrap_or(flow.of);
        self.flows.iter_mut().for_each(|flows| flows.push(Flow { of, ..flow }));
    }
}
