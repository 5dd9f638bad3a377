//! Operands of a concatenation, or of a gradient put together from parts, that are written directly
//! to their range of the result, so that nothing is left to copy.

use super::Plan;
use crate::fuse::cost::{Estimate, is_loop_over_part};
use crate::fuse::{Schedule, Step, StepKind, pieces, visit};
use crate::ir::kernel::{ConcatLayout, Movement};
use crate::ir::layout::{Layout, Location};
use crate::ir::{Graph, Op, Root, Value};
use std::collections::{HashMap, HashSet};

/// A value whose memory is a part of another value's memory.
#[derive(Clone, Debug)]
pub struct SubBuffer {
    /// The value that it is a part of.
    pub whole: Value,
    /// The layout of its elements in there.
    pub layout: Layout,
}

impl Plan {
    /// Returns the value in whose memory `value` is: itself, unless it is a part of another.
    #[must_use]
    pub fn whole(&self, value: Value) -> Value {
        self.parts.get(&value).map_or(value, |part| part.whole)
    }

    /// Returns the location of a value.
    #[must_use]
    pub fn location(&self, graph: &Graph, value: Value) -> Location {
        match self.parts.get(&graph.base(value)) {
            Some(SubBuffer { whole, layout }) => {
                let layout = graph.layout_within(value, Some(layout));
                let layout = layout.unwrap_or_else(|| Layout::of(graph.ty(value)));
                Location { whole: *whole, layout }
            }
            None => graph.location(value),
        }
    }

    /// Finds the operands of concatenations and similar kernels that can be parts of the result.
    pub(super) fn find_parts(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        estimate: Estimate<'_>,
    ) {
        let search = Search::new(graph, roots, schedule, estimate);
        visit(&schedule.steps, &mut |step| {
            let StepKind::Kernel(whole) = step.kind else { return };
            let Some(Movement::Place(joined)) = graph.movement(whole) else { return };
            for (value, part) in search.operands(whole, &joined) {
                if self.parts.contains_key(&value) || !search.is_apart(self, value, whole) {
                    continue;
                }
                self.parts.insert(value, part);
                if !search.has_pieces(self, value) {
                    self.parts.remove(&value);
                }
            }
        });
    }
}

/// The data for the search for parts.
struct Search<'a> {
    graph: &'a Graph,
    estimate: Estimate<'a>,
    /// The step that writes each value, and (below) the steps that read it.
    writers: HashMap<Value, &'a Step>,
    steps_that_read: HashMap<Value, Vec<&'a Step>>,
    /// The operations that read each value, or a view of it, with the index of the operand.
    readers: HashMap<Value, Vec<(Value, usize)>>,
    /// The values that need memory of their own.
    fixed: HashSet<Value>,
}

impl<'a> Search<'a> {
    fn new(
        graph: &'a Graph,
        roots: &[Root],
        schedule: &'a Schedule,
        estimate: Estimate<'a>,
    ) -> Self {
        let mut search = Self {
            graph,
            estimate,
            writers: HashMap::new(),
            steps_that_read: HashMap::new(),
            readers: HashMap::new(),
            fixed: roots.iter().map(|root| graph.base(root.value())).collect(),
        };
        // values that are read as a stack of all iterations
        search.fixed.extend(graph.values().filter_map(|value| graph.stack_of(value)));
        // saved values of activations, and the outputs that may be read in their place
        for (kept, (_, output)) in &schedule.kept {
            search.fixed.extend([*kept, *output]);
        }
        visit(&schedule.steps, &mut |step| {
            search.writers.extend(step.writes.iter().map(|value| (*value, step)));
            for value in &step.reads {
                search.steps_that_read.entry(*value).or_default().push(step);
            }
            if let StepKind::Loop { ends, .. } = &step.kind {
                search.fixed.extend(step.reads.iter().chain(ends).copied());
                search.fixed.extend(&step.writes);
            }
            if let StepKind::Accumulate { onto, .. } = step.kind {
                search.fixed.extend(step.writes.iter().copied().chain([onto]));
            }
            for value in step.kind.values() {
                for (index, operand) in graph[value].operands.iter().enumerate() {
                    let readers = search.readers.entry(graph.base(*operand)).or_default();
                    readers.push((value, index));
                }
            }
        });
        search
    }

    /// Returns the operands that can be written directly to their range of the result.
    fn operands(
        &self,
        whole: Value,
        ConcatLayout { axis, starts, .. }: &ConcatLayout,
    ) -> Vec<(Value, SubBuffer)> {
        let graph = self.graph;
        let node = &graph[whole];
        let mut parts = Vec::new();
        for (operand, start) in node.operands.iter().zip(starts) {
            let (value, len) = (graph.base(*operand), &graph.shape(*operand)[*axis]);
            let layout = Layout::of(&node.ty).window(*axis, start, len);
            let once = node.operands.iter().filter(|other| graph.base(**other) == value).count();
            let ty = graph.ty(value);
            let fits = once == 1
                && !graph.is_window(*operand)
                && !self.fixed.contains(&value)
                && ty.batched == node.ty.batched
                && graph[value].region == node.region;
            if let Some(layout) = layout.reshape(&ty.shape).filter(|_| fits)
                && self.can_write(value, &layout, whole)
                && self.can_read(value, &layout, whole)
            {
                parts.push((value, SubBuffer { whole, layout }));
            }
        }
        parts
    }

    fn can_write(&self, value: Value, layout: &Layout, whole: Value) -> bool {
        let Some(step) = self.writers.get(&value) else { return false };
        match &step.kind {
            StepKind::Elementwise(_) => is_loop_over_part(layout, self.estimate),
            // the product's own result is in memory of its own
            StepKind::Product { then, .. } => {
                then.writes.contains(&value) && is_loop_over_part(layout, self.estimate)
            }
            StepKind::Rows(rows) => {
                rows.finds(self.graph, value, layout, &self.graph.ty(whole).len())
            }
            StepKind::Kernel(value) => match &self.graph[*value].op {
                Op::Kernel(kernel) => kernel.writes(layout),
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns true if all readers of a value, except the concatenation, can read it with this
    /// layout.
    fn can_read(&self, value: Value, layout: &Layout, whole: Value) -> bool {
        let graph = self.graph;
        let mut others =
            self.readers.get(&value).into_iter().flatten().filter(|(v, _)| *v != whole);
        others.all(|(reader, index)| {
            let operand = graph[*reader].operands[*index];
            let layout = graph.layout_within(operand, Some(layout));
            match (&graph[*reader].op, layout) {
                (Op::Scalar(_), Some(layout)) => is_loop_over_part(&layout, self.estimate),
                (Op::Kernel(kernel), Some(layout)) => kernel.reads(*index, &layout),
                _ => false,
            }
        })
    }

    /// Returns true if steps that work piece by piece, or row by row, still find the pieces of a
    /// part.
    fn has_pieces(&self, plan: &Plan, part: Value) -> bool {
        let graph = self.graph;
        let location = |value: Value| plan.location(graph, value);
        let readers = self.steps_that_read.get(&part).into_iter().flatten();
        readers.chain([&self.writers[&part]]).all(|step| match &step.kind {
            StepKind::Product { product, then } => {
                pieces(graph, product, then, &location).is_some()
            }
            StepKind::Rows(rows) => {
                let SubBuffer { whole, layout } = &plan.parts[&part];
                rows.finds(graph, part, layout, &graph.ty(*whole).len())
            }
            _ => true,
        })
    }

    /// Returns true if no step writes this part while it reads another part of the same value, or
    /// the other way round.
    fn is_apart(&self, plan: &Plan, value: Value, whole: Value) -> bool {
        let same = |other: &Value| plan.parts.get(other).is_some_and(|part| part.whole == whole);
        let mut readers = self.steps_that_read.get(&value).into_iter().flatten();
        !self.writers[&value].reads.iter().any(same)
            && !readers.any(|step| step.writes.iter().any(same))
    }
}
