//! Results that are written over an operand, and results that are written directly to the caller's
//! memory.

use super::liveness::LiveRanges;
use super::{Plan, Storage};
use crate::fuse::{Schedule, Step, StepKind, same_memory, visit};
use crate::ir::kernel::{Kernel, is_awaited};
use crate::ir::{Graph, Leaf, Op, Root, Value};
use std::collections::{HashMap, HashSet};

impl Plan {
    /// Finds the results that can be written over an operand that is not needed afterwards.
    pub(super) fn replacements(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        lives: &LiveRanges,
    ) {
        let direct = |value: Value| {
            roots.iter().any(|root| match root {
                Root::Gradient(contribution) => contribution.value == value,
                Root::Output(..)
                | Root::Loss(_)
                | Root::Trace(..)
                | Root::Assign(_)
                | Root::State { .. } => false,
            })
        };
        visit(&schedule.steps, &mut |step| {
            let mut taken = Vec::new();
            // an output that may be read in place of a saved value is read under two names
            let twice: Vec<Value> = step
                .reads
                .iter()
                .filter_map(|read| schedule.kept.get(read).map(|(_, output)| *output))
                .collect();
            for result in step.writes.iter().filter(|value| !self.parts.contains_key(value)) {
                let stacked = lives.stacks.contains_key(result) && !graph.is_carried(*result);
                if schedule.kept.contains_key(result) || direct(*result) || stacked {
                    continue;
                }
                let fits = |operand: &Value| {
                    let is_last = lives.own.get(operand) == Some(&lives.values[result].first)
                        && lives.values[operand].last == lives.values[result].first;
                    is_last
                        && self.may_replace(graph, *operand, *result)
                        && !lives.stacks.contains_key(operand)
                        && !schedule.kept.contains_key(operand)
                };
                let operand = candidates(graph, step, *result)
                    .into_iter()
                    .filter(|operand| lives.values.contains_key(operand))
                    .find(|operand| {
                        fits(operand) && !taken.contains(operand) && !twice.contains(operand)
                    });
                if let Some(operand) = operand {
                    taken.push(operand);
                    self.replaces.insert(*result, operand);
                }
            }
        });
    }

    /// Returns true if a result fits into the memory of an operand, and the operand belongs to the
    /// same iteration.
    fn may_replace(&self, graph: &Graph, operand: Value, result: Value) -> bool {
        let region = match graph[result].op {
            Op::Carried(region) => graph[region].parent,
            _ => graph[result].region,
        };
        let kept = matches!(self.homes.get(&operand), Some(Storage::State(_)));
        graph[operand].region == region
            && !kept
            && !graph.is_carried(operand)
            && same_memory(graph.ty(operand), graph.ty(result))
    }

    /// Lets the next value of a carried value be written over the current one, if nothing reads the
    /// current one any more.
    pub(super) fn carry_over(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        lives: &LiveRanges,
    ) {
        let steps = writers(schedule);
        for carried in graph.regions().flat_map(|region| &graph[region].carried) {
            let (value, next) = (carried.value, graph.base(carried.next));
            let Some(step) = steps.get(&next) else { continue };
            let fixed = value == next
                || next != carried.next
                || graph.is_carried(next)
                || schedule.kept.contains_key(&next)
                || roots.iter().any(|root| graph.base(root.value()) == next);
            if !fixed && self.may_succeed(graph, lives, step, [value, next]) {
                self.replaces.insert(next, value);
            }
        }
    }

    /// Lets the next value of a stream's state be written over the current one, if nothing reads the current
    /// one any more. A copy at the end of a step loads wider vectors than were stored, and so waits for the
    /// stores.
    pub(super) fn write_states(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        lives: &LiveRanges,
    ) {
        let steps = writers(schedule);
        for root in roots {
            let Root::State { state, value: next, ring: None } = *root else { continue };
            let is_state =
                |v: &Value| matches!(graph[*v].op, Op::Leaf(Leaf::State(s)) if s == state);
            let mut leaves = graph.values().filter(is_state);
            let (Some(now), None) = (leaves.next(), leaves.next()) else { continue };
            let Some(step) = steps.get(&next) else { continue };
            // after a loop, it is that of the last iteration
            let fixed = graph.base(next) != next
                || matches!(step.kind, StepKind::Loop { .. })
                || self.parts.contains_key(&next)
                || self.homes.contains_key(&next);
            if !fixed && self.may_succeed(graph, lives, step, [now, next]) {
                self.replaces.insert(next, now);
                self.homes.insert(next, Storage::State(state));
            }
        }
    }

    /// Returns true if the step that writes `next` may write it over `now`, which is the same value of the
    /// iteration or of the stream's step before: no step reads `now` afterwards.
    fn may_succeed(
        &self,
        graph: &Graph,
        lives: &LiveRanges,
        step: &Step,
        [now, next]: [Value; 2],
    ) -> bool {
        let written = lives.values[&next].first;
        let free = match lives.own.get(&now) {
            None => true,
            Some(last) if *last == written => candidates(graph, step, next).contains(&now),
            Some(last) => *last < written,
        };
        // a kernel that adds its result to a value can write nowhere else
        let kernel = match &step.kind {
            StepKind::Product { product, .. } if product.writes.contains(&next) => &product.kind,
            kind => kind,
        };
        let onto = match kernel {
            StepKind::Accumulate { onto, .. } => *onto == now,
            _ => true,
        };
        free && onto
            && graph[next].region == graph[now].region
            && same_memory(graph.ty(now), graph.ty(next))
            && !lives.stacks.contains_key(&next)
            && !self.replaces.values().any(|replaced| [now, next].contains(replaced))
    }

    /// Places outputs and gradients in the caller's memory, and also the values that they replace.
    pub(super) fn destinations(&mut self, graph: &Graph, roots: &[Root], schedule: &Schedule) {
        let times =
            |value: Value| roots.iter().filter(|root| graph.base(root.value()) == value).count();
        let (mut added, mut read) = (Vec::new(), HashSet::new());
        visit(&schedule.steps, &mut |step| {
            let Some((value, kernel)) = kernel_of(graph, step) else {
                read.extend(step.reads.iter().copied());
                return;
            };
            if kernel.accumulates() {
                added.push(value);
            }
            let operands = graph[value].operands.iter().enumerate();
            let operands = operands.filter(|(index, _)| !is_awaited(kernel, *index));
            read.extend(operands.map(|(_, operand)| graph.base(*operand)));
        });
        for root in roots {
            let (mut value, home) = match root {
                Root::Output(index, value) => (graph.base(*value), Storage::Output(*index)),
                // kept apart and added afterwards: a gradient that contributes more than once, as
                // that of two biases that are added; one that is read again, since gradients hold
                // the sum over all tiles; and one that no kernel can add
                Root::Gradient(c)
                    if times(c.value) == 1
                        && added.contains(&c.value)
                        && !read.contains(&c.value) =>
                {
                    (c.value, Storage::Gradient(c.parameter))
                }
                Root::Gradient(_)
                | Root::Loss(_)
                | Root::Trace(..)
                | Root::Assign(_)
                | Root::State { .. } => continue,
            };
            // a second output of the same memory is copied from the first
            while !self.homes.contains_key(&value) {
                self.homes.insert(value, home);
                match self.replaces.get(&value) {
                    Some(replaced) if !self.homes.contains_key(replaced) => value = *replaced,
                    Some(_) => {
                        self.replaces.remove(&value);
                    }
                    None => {}
                }
            }
        }
    }
}

/// Returns the step that writes each value.
fn writers(schedule: &Schedule) -> HashMap<Value, &Step> {
    let mut writers = HashMap::new();
    visit(&schedule.steps, &mut |step| {
        writers.extend(step.writes.iter().map(|value| (*value, step)));
    });
    writers
}

/// Returns the kernel that a step calls, with the value that it computes.
fn kernel_of<'a>(graph: &'a Graph, step: &Step) -> Option<(Value, &'a dyn Kernel)> {
    let StepKind::Kernel(value) = step.kind else { return None };
    match &graph[value].op {
        Op::Kernel(kernel) => Some((value, &**kernel)),
        _ => None,
    }
}

/// Returns the operands that a step may write `result` over.
fn candidates(graph: &Graph, step: &Step, result: Value) -> Vec<Value> {
    match &step.kind {
        StepKind::Kernel(value) => {
            let node = &graph[*value];
            let Op::Kernel(kernel) = &node.op else { return Vec::new() };
            let first = node.operands.first().map(|operand| graph.base(*operand));
            // the operand may not occur twice: it would be overwritten while it is read
            let once = step.reads.iter().filter(|read| Some(**read) == first).count() == 1
                && node.operands[1..].iter().all(|other| Some(graph.base(*other)) != first);
            first.filter(|_| kernel.in_place() && once).into_iter().collect()
        }
        StepKind::Accumulate { onto, .. } => vec![*onto],
        StepKind::Elementwise(members) => {
            // only operands that are read element by element, not broadcast or viewed otherwise
            let ty = &graph[members[0]].ty;
            let operands = || members.iter().flat_map(|member| &graph[*member].operands);
            let plain = |read: &&Value| {
                let mut reading = operands().filter(|v| graph.base(**v) == **read).peekable();
                // an output that is read in place of a saved value is not an operand
                reading.peek().is_some() && reading.all(|v| same_memory(graph.ty(*v), ty))
            };
            step.reads.iter().filter(plain).copied().collect()
        }
        StepKind::Rows(rows) => {
            let free = |read: &&Value| rows.may_replace(graph, **read, result);
            step.reads.iter().filter(free).copied().collect()
        }
        // later rows still read the product's operands
        StepKind::Product { product, .. } if product.writes.contains(&result) => {
            candidates(graph, product, result)
        }
        StepKind::Product { product, then } => {
            let mut operands = candidates(graph, then, result);
            operands.retain(|operand| !product.reads.contains(operand));
            operands
        }
        // a carried value may begin in the memory of its initial value
        StepKind::Loop { .. } if graph.is_carried(result) => {
            let initial = graph.base(graph[result].operands[0]);
            let once = step.writes.iter().filter(|other| {
                graph.is_carried(**other) && graph.base(graph[**other].operands[0]) == initial
            });
            if once.count() == 1 { vec![initial] } else { Vec::new() }
        }
        StepKind::Number(_) | StepKind::Loop { .. } => Vec::new(),
    }
}
