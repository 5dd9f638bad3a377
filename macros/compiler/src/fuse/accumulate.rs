//! Sums of gradients without a loop of their own: the kernel adds to the other operand in place.

use super::io::reads;
use super::{Schedule, Step, StepKind};
use crate::ir::function::Function;
use crate::ir::loops::Region;
use crate::ir::{Direction, Graph, Op, Root, Value};
use std::collections::{HashMap, HashSet};

/// Lets a kernel add its result in place, if a loop would only add it to a value that is not needed
/// afterwards.
pub(super) fn accumulate(graph: &Graph, roots: &[Root], schedule: &mut Schedule) {
    let reads = reads(&schedule.steps);
    let stacked = graph.values().filter_map(|value| graph.stack_of(value)).collect();
    Adder { graph, roots, reads, stacked }.region(&mut schedule.steps);
}

struct Adder<'a> {
    graph: &'a Graph,
    roots: &'a [Root],
    /// Number of times that each value is read from memory, in all steps.
    reads: HashMap<Value, usize>,
    /// The values that are read as stacks of all iterations.
    stacked: HashSet<Value>,
}

/// An addition that a kernel can do itself.
struct Addition {
    kernel: Value,
    /// The value that it adds to.
    onto: Value,
    sum: Value,
}

impl Adder<'_> {
    /// Rewrites the steps of one region and of the loops in it.
    fn region(&self, steps: &mut Vec<Step>) {
        let mut index = 0;
        while index < steps.len() {
            if let StepKind::Loop { steps, .. } = &mut steps[index].kind {
                self.region(steps);
            }
            let Some(Addition { kernel, onto, sum }) = self.addition(steps, index) else {
                index += 1;
                continue;
            };
            steps.remove(index);
            if let Some(step) = steps.iter_mut().find(|step| step.writes == [kernel]) {
                step.kind = StepKind::Accumulate { kernel, onto };
                step.reads.push(onto);
                step.writes = vec![sum];
            }
        }
    }

    /// Returns the addition of step `index`, if the kernel of another step can do it.
    fn addition(&self, steps: &[Step], index: usize) -> Option<Addition> {
        let graph = self.graph;
        let StepKind::Elementwise(members) = &steps[index].kind else { return None };
        let [sum] = members[..] else { return None };
        let node = &graph[sum];
        // a value that is read in all iterations together, or in the backward pass, has memory of
        // its own in each iteration
        let stacked = node.operands.iter().chain([&sum]).any(|v| self.stacked.contains(v));
        let kept = stacked || (node.region.is_some() && node.direction == Direction::Forward);
        if !matches!(node.op, Op::Scalar(Function::Add)) || kept {
            return None;
        }
        let [a, b] = node.operands[..] else { return None };
        let whole = |value: Value| graph.ty(value) == &node.ty && graph.base(value) == value;
        let is_root =
            |value: Value| self.roots.iter().any(|root| graph.base(root.value()) == value);
        let count = |value: Value| self.reads.get(&value).copied().unwrap_or_default();
        [(a, b), (b, a)].into_iter().find_map(|(kernel, onto)| {
            let Op::Kernel(operation) = &graph[kernel].op else { return None };
            let at = steps.iter().position(|s| s.kind == StepKind::Kernel(kernel))?;
            // a carried value exists from the beginning of the iteration
            let goes_on = |region: Region| {
                graph[region].carried.iter().any(|c| c.value == onto && c.next == sum)
            };
            let goes_on_here = node.region.is_some_and(goes_on);
            let defined = steps.iter().position(|s| s.writes.contains(&onto));
            let in_time =
                node.region.is_some_and(goes_on) || defined.is_some_and(|defined| defined < at);
            let last = steps.iter().rposition(|s| s.reads.contains(&onto))?;
            let here = steps.iter().filter(|s| s.reads.contains(&onto)).count();
            // after the loop, the carried value is that of another iteration
            let others = match goes_on_here {
                true => reads(steps).get(&onto).copied().unwrap_or_default(),
                false => count(onto),
            };
            // no step between the kernel and the addition may read the other operand
            let free = steps[at..index].iter().all(|s| !s.reads.contains(&onto));
            (operation.accumulates()
                && whole(kernel)
                && whole(onto)
                && count(kernel) == 1
                && others == here
                && last == index
                && in_time
                && free
                && !is_root(kernel)
                && !is_root(onto)
                && !is_root(sum))
            .then_some(Addition { kernel, onto, sum })
        })
    }
}
