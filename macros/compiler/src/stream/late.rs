//! The values that a step may not depend on: those that are known only after the last step, and
//! those that need all steps in each iteration of a loop along them.

use super::Stepper;
use crate::ir::loops::Region;
use crate::ir::step::{AxisMode, Refusal};
use crate::ir::{Graph, Op, Value};
use crate::size::Size;
use std::collections::HashSet;

/// Returns the values that depend on the result of a loop along the streamed axis. As outputs they
/// are allowed: a step gives their value so far, as the whole pass does for the steps so far.
pub(super) fn late(graph: &Graph, length: &Size) -> HashSet<Value> {
    let mut late = HashSet::new();
    // a carried value depends on its next value, which comes later in the graph
    let mut before = None;
    while before != Some(late.len()) {
        before = Some(late.len());
        for value in graph.values() {
            let node = &graph[value];
            let next = match node.op {
                Op::Carried(region) => {
                    graph[region].carried.iter().find(|c| c.value == value).map(|c| c.next)
                }
                _ => None,
            };
            // a loop along the axis within another is refused itself
            let along = |region: &Region| graph[*region].count == *length;
            let leaves = matches!(node.op, Op::Final)
                && graph[node.operands[0]].region.is_some_and(|region| along(&region))
                && !graph.enclosing(node.region).any(|region| along(&region));
            if leaves || node.operands.iter().chain(&next).any(|v| late.contains(v)) {
                late.insert(value);
            }
        }
    }
    late
}

impl Stepper<'_> {
    /// Returns the number of loops along the streamed axis around a region.
    fn along(&self, region: Option<Region>) -> usize {
        self.from.enclosing(region).filter(|region| self.is_along(*region)).count()
    }

    /// Returns true if a value belongs to one step: it has the streamed axis, or is in a loop along
    /// it.
    fn is_of_a_step(&self, value: Value) -> bool {
        let shape = self.from.shape(value);
        shape.iter().any(Size::is_dynamic) || self.along(self.from[value].region) > 0
    }

    /// Refuses a value that a step cannot know.
    pub(super) fn within_a_step(&self, value: Value) -> Result<(), Refusal> {
        let (node, length) = (&self.from[value], &self.length);
        let along = self.along(node.region);
        if along > 1 || (along > 0 && node.ty.shape.iter().any(Size::is_dynamic)) {
            let reason = format!("every iteration of the loop around it takes all of `{length}`");
            return self.refuse(value, reason);
        }
        if !self.late.contains(&value) || !self.is_of_a_step(value) {
            return Ok(());
        }
        // the first value that combines the two
        let earlier = |v: &&Value| self.late.contains(v) && self.is_of_a_step(**v);
        let mut first = value;
        let mut seen = HashSet::new();
        while let Some(operand) = self.from[first].operands.iter().find(earlier)
            && seen.insert(first)
        {
            first = *operand;
        }
        self.refuse(
            first,
            format!("it takes what a loop along `{length}` leaves, which is known only after the last step"),
        )
    }

    /// Returns a size in the current step: the iteration number of a loop along the streamed axis
    /// is the number of steps before; in a block, the loop goes on from there.
    pub(super) fn present(&self, value: Value, size: &Size) -> Size {
        let from = self.from;
        let along = from.enclosing(from[value].region).filter(|region| self.is_along(*region));
        along.fold(size.clone(), |size, region| {
            let step = match self.is_block() {
                true => self.before().plus(&from[region].iteration()),
                false => self.before(),
            };
            size.with(&from[region].index, &step)
        })
    }

    /// Returns true if a size is the iteration number of a loop along the streamed axis.
    pub(super) fn is_present(&self, value: Value, size: &Size) -> bool {
        let from = self.from;
        let mut along = from.enclosing(from[value].region).filter(|r| self.is_along(*r));
        along.any(|region| from[region].iteration() == *size)
    }

    /// Returns the modes of a value's axes without the streamed one.
    pub(super) fn all_fixed(&self, value: Value) -> Vec<AxisMode> {
        vec![AxisMode::Fixed; self.from.shape(value).len()]
    }
}
