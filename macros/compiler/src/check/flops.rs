//! Floating point operations, for the summary.

use super::Checker;
use crate::ir::{Op, Value};
use crate::size::Size;

impl Checker<'_> {
    /// Operations of kernels from this node on, in all iterations of the loops around each.
    pub(super) fn flops_from(&self, first: usize) -> Size {
        let graph = &self.program.graph;
        let is_kernel = |value: &Value| matches!(graph[*value].op, Op::Kernel(_));
        let kernels = graph.values().skip(first).filter(is_kernel);
        kernels.fold(Size::default(), |sum, kernel| sum.plus(&graph.flops(kernel)))
    }

    /// What one iteration takes, in all iterations of the loops around.
    pub(super) fn in_all_iterations(&self, once: &Size) -> Size {
        let graph = &self.program.graph;
        graph.in_all_iterations(graph.region, once)
    }
}
