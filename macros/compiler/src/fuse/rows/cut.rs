//! Splits a loop before operations that take long, so that what comes before can be part of a loop
//! over rows.

use super::space::{RowAccess, RowSpace};
use super::{RowFusion, Step, StepKind};
use crate::fuse::io::read_from_memory;
use crate::ir::Value;
use std::collections::HashSet;

impl RowFusion<'_> {
    /// Splits a loop whose first half can be fused with an earlier step; returns false if there is
    /// none.
    pub(super) fn cut(&self, steps: &mut Vec<Step>, space: &RowSpace) -> bool {
        (0..steps.len()).any(|at| {
            let Some(halves) = self.halves(&steps[at], space) else { return false };
            let mut cut = steps.clone();
            cut.splice(at..=at, halves);
            let fits = |first: &usize| self.fits(&cut[*first], space);
            let goes = (0..at).filter(fits).any(|first| self.can_fuse(&cut, first, at, space));
            if goes {
                *steps = cut;
            }
            goes
        })
    }

    /// Returns the part of a loop before any operation of a row that takes long, and the rest.
    fn halves(&self, step: &Step, space: &RowSpace) -> Option<[Step; 2]> {
        let StepKind::Elementwise(members) = &step.kind else { return None };
        if !self.fits(step, space) {
            return None;
        }
        let graph = self.graph;
        let mut late: HashSet<Value> = HashSet::new();
        for member in members {
            let node = &graph[*member];
            let in_rows = space.own(&node.ty) == Some(RowAccess::Row);
            if (in_rows && node.op.takes_long()) || node.operands.iter().any(|o| late.contains(o)) {
                late.insert(*member);
            }
        }
        let (after, before): (Vec<Value>, Vec<Value>) =
            members.iter().partition(|member| late.contains(*member));
        if before.is_empty() || after.is_empty() {
            return None;
        }
        let read: HashSet<Value> =
            after.iter().flat_map(|member| graph[*member].operands.clone()).collect();
        let is_written = |value: &Value| step.writes.contains(value) || read.contains(value);
        let writes = before.iter().copied().filter(is_written).collect();
        let rest = after.iter().copied().filter(|value| step.writes.contains(value)).collect();
        Some([self.half(before, writes), self.half(after, rest)])
    }

    fn half(&self, members: Vec<Value>, writes: Vec<Value>) -> Step {
        let kind = StepKind::Elementwise(members);
        let reads = read_from_memory(self.graph, &kind);
        Step { kind, reads, writes }
    }
}
