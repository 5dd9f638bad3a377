//! Fuses reductions and the loops around them into one loop over rows: a row stays in the first
//! cache while a normalisation passes over it, and the operand of a reduction is computed as it is
//! read.

mod cut;
mod passes;
mod space;

use super::cost::{Estimate, is_loop_over_rows};
use super::io::{sources, wanted};
use super::{Schedule, Step, StepKind, visit, visit_mut};
use crate::ir::{Graph, Op, Root, Value, function::Function};
pub use passes::{Expression, RowPass, Rows};
pub use space::{RowAccess, RowSlice};
use space::{RowSpace, reduction};
use std::collections::HashSet;

/// Joins steps that share rows, in every region.
pub(super) fn rows(graph: &Graph, roots: &[Root], schedule: &mut Schedule, estimate: Estimate<'_>) {
    let kept = schedule.kept.keys().copied().collect();
    let mut ends: HashSet<Value> = roots.iter().map(|root| graph.base(root.value())).collect();
    ends.extend(graph.values().filter_map(|value| graph.stack_of(value)));
    visit(&schedule.steps, &mut |step| {
        if let StepKind::Loop { ends: of_iteration, .. } = &step.kind {
            ends.extend(of_iteration);
        }
    });
    let joiner = RowFusion { graph, kept, ends, estimate };
    joiner.region(&mut schedule.steps);
    let wanted = wanted(graph, roots, &schedule.steps);
    joiner.finish(&mut schedule.steps, &wanted);
}

/// The part of a value that one row has and, for a window, the row_slice of memory that contains the
/// row.
type Seen = (RowAccess, Option<RowSlice>);

struct RowFusion<'a> {
    graph: &'a Graph,
    /// The saved values of activations: at these, one of two loop variants is chosen.
    kept: HashSet<Value>,
    /// The values that have to be in memory whatever reads them.
    ends: HashSet<Value>,
    estimate: Estimate<'a>,
}

impl RowFusion<'_> {
    fn region(&self, steps: &mut Vec<Step>) {
        let mut spaces: Vec<RowSpace> = Vec::new();
        for step in &mut *steps {
            match &mut step.kind {
                StepKind::Loop { steps, .. } => self.region(steps),
                StepKind::Kernel(value) => {
                    let space = RowSpace::of(self.graph, *value);
                    spaces.extend(space.filter(|space| !spaces.contains(space)));
                }
                _ => {}
            }
        }
        for space in spaces {
            loop {
                while let Some((first, second)) = self.pair(steps, &space) {
                    self.merge(steps, first, second, &space);
                }
                if !self.cut(steps, &space) {
                    break;
                }
            }
        }
    }

    /// Returns two steps that can be fused.
    fn pair(&self, steps: &[Step], space: &RowSpace) -> Option<(usize, usize)> {
        let fitting: Vec<usize> =
            (0..steps.len()).filter(|index| self.fits(&steps[*index], space)).collect();
        fitting.iter().enumerate().find_map(|(at, second)| {
            let mut before = fitting[..at].iter().rev();
            let first = before.find(|first| self.can_fuse(steps, **first, *second, space))?;
            Some((*first, *second))
        })
    }

    /// Returns true if a step can be part of a loop over the rows of `space`.
    fn fits(&self, step: &Step, space: &RowSpace) -> bool {
        match &step.kind {
            StepKind::Kernel(value) => RowSpace::of(self.graph, *value).as_ref() == Some(space),
            StepKind::Rows(rows) => rows.space == *space,
            StepKind::Elementwise(members) => {
                let kept = step.reads.iter().chain(&step.writes).any(|v| self.kept.contains(v));
                !kept && members.iter().all(|member| self.row_access(*member, space).is_some())
            }
            _ => false,
        }
    }

    /// Returns the row access of a member, if all of its operands can be read by row as well.
    fn row_access(&self, member: Value, space: &RowSpace) -> Option<RowAccess> {
        let node = &self.graph[member];
        let own = space.own(&node.ty)?;
        let filled = matches!(node.op, Op::Scalar(Function::Expand)) && own == RowAccess::Row;
        let lies = |operand: &Value| space.operand(self.graph.ty(*operand), &node.ty).is_some();
        (!filled && node.operands.iter().all(lies)).then_some(own)
    }

    fn can_fuse(&self, steps: &[Step], first: usize, second: usize, space: &RowSpace) -> bool {
        let graph = self.graph;
        let (a, b) = (&steps[first], &steps[second]);
        let reduces = |step: &Step| !matches!(step.kind, StepKind::Elementwise(_));
        let in_rows = |value: &&Value| space.own(graph.ty(**value)) == Some(RowAccess::Row);
        let reads = a.writes.iter().any(|value| b.reads.contains(value));
        let shares = a.reads.iter().filter(in_rows).any(|value| b.reads.contains(value));
        let direction = |step: &Step| graph[step.kind.values()[0]].direction;
        let members = [a.kind.values(), b.kind.values()].concat();
        let rest = steps.iter().enumerate().filter(|(at, _)| *at != first && *at != second);
        let rest = rest.map(|(_, step)| step);
        (reduces(a) || reduces(b))
            && (reads || shares)
            && direction(a) == direction(b)
            && self.after(steps, first, second).iter().all(|s| !depends(graph, b, &steps[*s]))
            && self.is_profitable(&members, rest, space)
            && self.layouts_agree(&members, space)
    }

    /// Returns true if one loop over rows is as fast as several loops, given the other steps and
    /// what they read.
    fn is_profitable<'s>(
        &self,
        members: &[Value],
        rest: impl Iterator<Item = &'s Step> + Clone,
        space: &RowSpace,
    ) -> bool {
        let graph = self.graph;
        let in_rows = |value: Value| space.own(graph.ty(value)) == Some(RowAccess::Row);
        // values that are only reduced are not stored, and fill vectors for any length
        let mut terms = HashSet::new();
        for member in members.iter().rev().filter(|member| in_rows(**member)) {
            let reads =
                |user: &&Value| graph[**user].operands.iter().any(|o| graph.base(*o) == *member);
            let mut users = members.iter().filter(reads);
            let is_kept =
                self.ends.contains(member) || rest.clone().any(|step| step.reads.contains(member));
            if !is_kept
                && users.all(|user| reduction(graph, *user).is_some() || terms.contains(user))
            {
                terms.insert(*member);
            }
        }
        let stored = members.iter().filter(|member| in_rows(**member) && !terms.contains(*member));
        is_loop_over_rows(&space.len, stored.map(|member| &graph[*member].op), self.estimate)
    }

    /// Returns the steps between two that have to come after the first.
    fn after(&self, steps: &[Step], first: usize, second: usize) -> Vec<usize> {
        let mut after = Vec::new();
        for index in first + 1..second {
            let step = &steps[index];
            let follows = |earlier: usize| depends(self.graph, step, &steps[earlier]);
            if follows(first) || after.iter().any(|other| follows(*other)) {
                after.push(index);
            }
        }
        after
    }

    /// Returns true if every value is read in the same way by row by all its readers.
    fn layouts_agree(&self, members: &[Value], space: &RowSpace) -> bool {
        let graph = self.graph;
        let mut known: Vec<(Value, Seen)> = Vec::new();
        members.iter().all(|member| {
            graph[*member].operands.iter().all(|operand| {
                let base = graph.base(*operand);
                let Some(seen) = self.seen(*member, *operand, space) else { return false };
                let own = (space.own(graph.ty(base)), None);
                let inside = members.contains(&base);
                let agrees = known.iter().all(|(value, other)| *value != base || *other == seen);
                known.push((base, seen.clone()));
                agrees && (!inside || own == (Some(seen.0), seen.1))
            })
        })
    }

    /// Returns how a member reads the rows of an operand, if it can.
    fn seen(&self, member: Value, operand: Value, space: &RowSpace) -> Option<Seen> {
        let graph = self.graph;
        let row_access = match reduction(graph, member) {
            Some(_) => RowAccess::Row,
            None => space.operand(graph.ty(operand), graph.ty(member))?,
        };
        let whole = graph.ty(graph.base(operand)).len();
        let row_slice = match row_access {
            RowAccess::Number => None,
            RowAccess::Row if graph.is_window(operand) => {
                Some(space.row_slice(&graph.layout(operand)?, &whole)?)
            }
            // the rows of a part of a value differ from those of the value
            _ if graph.is_window(operand) || whole != graph.ty(operand).len() => return None,
            _ => None,
        };
        Some((row_access, row_slice))
    }

    /// Fuses two steps at the position of the second; steps that have to come after the first are
    /// moved behind both.
    fn merge(&self, steps: &mut Vec<Step>, first: usize, second: usize, space: &RowSpace) {
        let after = self.after(steps, first, second);
        let b = steps.remove(second);
        for (moved, index) in after.iter().enumerate() {
            let step = steps.remove(index - moved);
            steps.insert(second - 1, step);
        }
        let a = steps.remove(first);
        let values = [a.kind.values(), b.kind.values()].concat();
        let rows = Rows::new(space.clone(), values);
        let mut reads = a.reads;
        reads.extend(b.reads.into_iter().filter(|value| !a.writes.contains(value)));
        let mut known = HashSet::new();
        reads.retain(|value| known.insert(*value));
        let writes = a.writes.into_iter().chain(b.writes).collect();
        let step = Step { kind: StepKind::Rows(rows), reads, writes };
        steps.insert(second - 1 - after.len(), step);
    }

    /// Reduces what is written to memory to what others read, and arranges the passes over a row.
    fn finish(&self, steps: &mut [Step], wanted: &HashSet<Value>) {
        visit_mut(steps, &mut |step| {
            if let StepKind::Rows(rows) = &mut step.kind {
                step.writes.retain(|value| wanted.contains(value));
                rows.arrange(self.graph, &mut step.writes);
            }
        });
    }
}

/// Returns true if a step, or one inside of it, reads a value that `other`, or one inside of that,
/// writes.
fn depends(graph: &Graph, step: &Step, other: &Step) -> bool {
    let mut written: HashSet<Value> = HashSet::new();
    visit(std::slice::from_ref(other), &mut |step| written.extend(&step.writes));
    let mut found = false;
    visit(std::slice::from_ref(step), &mut |step| {
        found |= sources(graph, step).any(|value| written.contains(&value));
    });
    found
}
