//! What has a gradient at all.

use crate::ast::Element;
use crate::ir::{Graph, Leaf, Op, Value};
use crate::program::Program;

/// Which values depend on a parameter that is not frozen, or with `inputs` on an input. What goes from turn to turn of a loop
/// does so as soon as it does at the beginning or at the end of a turn.
pub fn learned(program: &Program, graph: &Graph, inputs: bool) -> Vec<bool> {
    let mut learned = vec![false; graph.values().count()];
    loop {
        let before = learned.iter().filter(|learned| **learned).count();
        for value in graph.values() {
            let node = &graph[value];
            learned[value.0] |= match node.op {
                Op::Leaf(Leaf::Parameter(index)) => !program.parameters[index].frozen,
                Op::Leaf(Leaf::Input(_)) => inputs && node.ty.element == Element::Real,
                _ => !node.op.is_flat() && node.operands.iter().any(|v: &Value| learned[v.0]),
            };
        }
        for carried in graph.regions().flat_map(|region| &graph[region].carried) {
            learned[carried.value.0] |= learned[carried.next.0];
        }
        if learned.iter().filter(|learned| **learned).count() == before {
            return learned;
        }
    }
}
