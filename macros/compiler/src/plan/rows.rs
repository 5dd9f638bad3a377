//! Parts that loops over rows read.

use super::Plan;
use crate::fuse::{Schedule, StepKind, visit};
use crate::ir::Graph;

impl Plan {
    /// Leaves by themselves the parts of others in which a loop over rows would not find its rows.
    pub(super) fn free_rows(&mut self, graph: &Graph, schedule: &Schedule) {
        visit(&schedule.steps, &mut |step| {
            let StepKind::Rows(rows) = &step.kind else { return };
            self.parts.retain(|value, part| {
                let whole = graph.ty(part.whole).len();
                !step.reads.contains(value) || rows.finds(graph, *value, &part.layout, &whole)
            });
        });
    }
}
