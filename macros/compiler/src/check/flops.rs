//! Floating point operations, for the summary.

use super::Checker;
use crate::ir::turns::Region;
use crate::ir::{Op, Type};
use crate::size::Size;

impl Checker<'_> {
    /// Operations of kernels from this node on, in all turns of the loops around each.
    pub(super) fn flops_from(&self, first: usize) -> Size {
        let graph = &self.program.graph;
        graph.values().skip(first).fold(Size::default(), |sum, value| {
            let node = &graph[value];
            let Op::Kernel(kernel) = &node.op else { return sum };
            let types: Vec<&Type> = node.operands.iter().map(|v| graph.ty(*v)).collect();
            let around: Vec<Region> = graph.enclosing(node.region).collect();
            sum.plus(&graph.turns(&around).times(&kernel.flops(&types, &node.ty)))
        })
    }

    /// What one turn takes, times the turns of the loops around.
    pub(super) fn in_all_turns(&self, flops: &Size) -> Size {
        let graph = &self.program.graph;
        let around: Vec<Region> = graph.enclosing(graph.region).collect();
        graph.turns(&around).times(flops)
    }
}
