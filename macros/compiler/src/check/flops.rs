//! Counts of floating point operations, for the summary.

use super::Checker;
use crate::ir::{Op, Value};
use crate::size::Size;

impl Checker<'_> {
    /// Returns the operations of the kernels from node `first` on, over all iterations of the loops
    /// around each.
    pub(super) fn flops_from(&self, first: usize) -> Size {
        let graph = &self.program.graph;
        let is_kernel = |value: &Value| matches!(graph[*value].op, Op::Kernel(_));
        let kernels = graph.values().skip(first).filter(is_kernel);
        kernels.fold(Size::default(), |sum, kernel| sum.plus(&graph.flops(kernel)))
    }

    /// Returns `once`, the operations of one iteration, times the iterations of the surrounding
    /// loops.
    pub(super) fn in_all_iterations(&self, once: &Size) -> Size {
        let graph = &self.program.graph;
        graph.in_all_iterations(graph.region, once)
    }
}
