//! Next values of a stream's states that are written directly to the state.

use super::replace::candidates;
use super::{LiveRanges, Plan, Storage};
use crate::fuse::{Schedule, Step, StepKind, same_memory};
use crate::ir::{Graph, Leaf, Op, Root, Value};

impl Plan {
    /// Lets the next value of a state be written over the current one, if nothing reads the current one any
    /// more. A copy at the end of a step loads wider vectors than were stored, and so waits for the stores.
    pub(super) fn write_states(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        lives: &LiveRanges,
    ) {
        for root in roots {
            let Root::State { state, value: next, ring: None } = *root else { continue };
            let is_state =
                |v: &Value| matches!(graph[*v].op, Op::Leaf(Leaf::State(s)) if s == state);
            let mut leaves = graph.values().filter(is_state);
            let (Some(now), None) = (leaves.next(), leaves.next()) else { continue };
            let fixed = graph.base(next) != next
                || graph[next].region != graph[now].region
                || !same_memory(graph.ty(next), graph.ty(now))
                || lives.stacks.contains_key(&next)
                || self.parts.contains_key(&next)
                || self.homes.contains_key(&next)
                || self.replaces.values().any(|replaced| [now, next].contains(replaced));
            if !fixed && is_free(graph, &schedule.steps, now, next) {
                self.replaces.insert(next, now);
                self.homes.insert(next, Storage::State(state));
            }
        }
    }
}

/// Returns true if the step that writes `next` is the last to read `now`, if at all, and may write over it.
fn is_free(graph: &Graph, steps: &[Step], now: Value, next: Value) -> bool {
    let Some(at) = steps.iter().position(|step| step.writes.contains(&next)) else {
        return steps.iter().any(|step| match &step.kind {
            StepKind::Loop { steps, .. } => is_free(graph, steps, now, next),
            _ => false,
        });
    };
    let step = &steps[at];
    !writes_elsewhere(step, now, next)
        && (!reads(step, now) || candidates(graph, step, next).contains(&now))
        && !steps[at + 1..].iter().any(|later| reads(later, now))
}

/// Returns true if a step cannot write `next` over `now`: after a loop it is that of the last iteration, and a
/// kernel that adds its result to a value can write nowhere else.
fn writes_elsewhere(step: &Step, now: Value, next: Value) -> bool {
    match &step.kind {
        StepKind::Loop { .. } => true,
        StepKind::Accumulate { onto, .. } => *onto != now,
        StepKind::Product { product, .. } if product.writes.contains(&next) => {
            writes_elsewhere(product, now, next)
        }
        _ => false,
    }
}

/// Returns true if a step, or one in it, reads a value.
fn reads(step: &Step, value: Value) -> bool {
    let within = match &step.kind {
        StepKind::Loop { steps, ends, .. } => {
            ends.contains(&value) || steps.iter().any(|step| reads(step, value))
        }
        StepKind::Product { product, then } => reads(product, value) || reads(then, value),
        _ => false,
    };
    within || step.reads.contains(&value)
}
