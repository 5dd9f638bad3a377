//! Finds the values that need a gradient.

use crate::ast::Element;
use crate::ir::{Graph, Leaf, Op, Value};
use crate::program::Program;

/// The leaves whose gradients a backward pass computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The parameters.
    Parameters,
    /// The real inputs.
    Inputs,
    /// The parameters and the real inputs.
    Both,
}

/// Returns for each value whether it depends on a wanted leaf: a parameter that is not frozen, or an
/// input. A loop-carried value does if it does at the beginning or at the end of an iteration.
pub fn needs_grad(program: &Program, graph: &Graph, wanted: Wanted) -> Vec<bool> {
    let mut needs_grad = vec![false; graph.values().count()];
    loop {
        let before = needs_grad.iter().filter(|needs_grad| **needs_grad).count();
        for value in graph.values() {
            let node = &graph[value];
            needs_grad[value.0] |= match node.op {
                Op::Leaf(Leaf::Parameter(index)) => {
                    wanted != Wanted::Inputs && !program.parameters[index].frozen
                }
                Op::Leaf(Leaf::Input(_)) => {
                    wanted != Wanted::Parameters && node.ty.element == Element::Real
                }
                _ => !node.op.is_flat() && node.operands.iter().any(|v: &Value| needs_grad[v.0]),
            };
        }
        for carried in graph.regions().flat_map(|region| &graph[region].carried) {
            needs_grad[carried.value.0] |= needs_grad[carried.next.0];
        }
        if needs_grad.iter().filter(|needs_grad| **needs_grad).count() == before {
            return needs_grad;
        }
    }
}
