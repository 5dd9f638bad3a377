//! The values that every step reads and writes.

use super::loops::Fuser;
use super::{Schedule, Step, StepKind, visit, visit_mut};
use crate::ir::function::Function;
use crate::ir::loops::Region;
use crate::ir::{Graph, Op, Root, Value};
use std::collections::{HashMap, HashSet};

impl Fuser<'_> {
    pub(super) fn finish(self, roots: &[Root]) -> Schedule {
        let graph = self.graph;
        let mut steps = self.region(None);
        let wanted = wanted(graph, roots, &steps);
        visit_mut(&mut steps, &mut |step| {
            if !matches!(step.kind, StepKind::Loop { .. }) {
                step.writes.retain(|value| wanted.contains(value));
            }
        });
        let mut schedule = Schedule { steps, ..Schedule::default() };
        self.tell_kept(&wanted, &mut schedule);
        schedule
    }

    /// Returns the steps of a region with the values they read. Numbers come first: they depend on
    /// numbers alone, and a loop that comes before them may have grown to read them.
    fn region(&self, region: Option<Region>) -> Vec<Step> {
        let order = self.order.get(&region).into_iter().flatten();
        let mut steps: Vec<Step> = order.map(|index| self.step(*index)).collect();
        steps.sort_by_key(|step| !matches!(step.kind, StepKind::Number(_)));
        steps
    }

    fn step(&self, index: usize) -> Step {
        let graph = self.graph;
        let mut kind = self.steps[index].clone();
        let mut begin = Vec::new();
        if let StepKind::Loop { region, steps, ends } = &mut kind {
            *steps = self.region(Some(*region));
            for carried in graph[*region].carried.iter().filter(|c| self.alive[c.value.0]) {
                begin.push(graph[carried.value].operands[0]);
                if carried.next != carried.value {
                    ends.push(graph.base(carried.next));
                }
            }
            let collected = graph.values().filter(|value| {
                self.alive[value.0] && matches!(graph[*value].op, Op::Collect(r) if r == *region)
            });
            ends.extend(collected.map(|value| graph.base(graph[value].operands[0])));
        }
        let mut reads = bases(graph, begin);
        reads.extend(read_from_memory(graph, &kind));
        let writes = match &kind {
            StepKind::Loop { .. } => {
                let mut own: Vec<Value> = self.home.keys().copied().collect();
                own.retain(|value| self.home[value] == index);
                own.sort();
                own
            }
            // which of the others have to be in memory is not known yet
            _ => {
                kind.values().iter().copied().filter(|v| self.home.get(v) == Some(&index)).collect()
            }
        };
        Step { kind, reads, writes }
    }

    /// Finds the activations whose derivative may be computed from an output that is in memory
    /// anyway.
    fn tell_kept(&self, wanted: &HashSet<Value>, schedule: &mut Schedule) {
        let graph = self.graph;
        for value in graph.values().filter(|value| self.alive[value.0]) {
            if let Op::Scalar(Function::Save(activation)) = &graph[value].op
                && let Some(activation_output) = self.activation_output(value, activation)
                && wanted.contains(&activation_output)
                && wanted.contains(&value)
                && self.home.get(&activation_output) == self.home.get(&value)
                // one of two loop variants is chosen by one activation, not by several
                && !schedule.kept.values().any(|(_, other)| self.home.get(other) == self.home.get(&activation_output))
            {
                schedule.kept.insert(value, (activation.clone(), activation_output));
            }
        }
        let kept = &schedule.kept;
        // the outputs that a step may have to read in place of saved values
        visit_mut(&mut schedule.steps, &mut |step| {
            let outputs = step.reads.iter().filter_map(|value| Some(kept.get(value)?.1));
            for output in outputs.collect::<Vec<_>>() {
                if !step.reads.contains(&output) {
                    step.reads.push(output);
                }
            }
        });
    }
}

/// Returns the values that a step without inner steps reads from memory.
pub(super) fn read_from_memory(graph: &Graph, kind: &StepKind) -> Vec<Value> {
    let inside = |operand: &Value| matches!(kind, StepKind::Elementwise(members) if members.contains(operand));
    let values = kind.values();
    let operands = values.iter().flat_map(|value| &graph[*value].operands);
    bases(graph, operands.copied().filter(|operand| !inside(operand)))
}

/// Returns the values in whose memory `values` are, each once; numbers are not in memory.
pub(super) fn bases(graph: &Graph, values: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut bases = Vec::new();
    for base in values.into_iter().map(|value| graph.base(value)) {
        if !graph[base].ty.is_number() && !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// Returns the values that have to be in memory.
pub(super) fn wanted(graph: &Graph, roots: &[Root], steps: &[Step]) -> HashSet<Value> {
    let mut wanted: HashSet<Value> = roots.iter().map(|root| graph.base(root.value())).collect();
    visit(steps, &mut |step| {
        wanted.extend(sources(graph, step));
        if let StepKind::Loop { ends, .. } = &step.kind {
            wanted.extend(ends);
        }
    });
    wanted
}

/// Returns the values that a step reads; for a stack of all iterations, also the value in an
/// iteration.
pub(super) fn sources(graph: &Graph, step: &Step) -> impl Iterator<Item = Value> {
    let stacked = step.reads.iter().filter_map(|value| graph.stack_of(*value));
    step.reads.iter().copied().chain(stacked)
}

/// Returns how often every value is read from memory, in all steps and at the ends of iterations.
pub(super) fn reads(steps: &[Step]) -> HashMap<Value, usize> {
    let mut count = HashMap::new();
    visit(steps, &mut |step| {
        let ends = match &step.kind {
            StepKind::Loop { ends, .. } => ends.as_slice(),
            _ => &[],
        };
        for value in step.reads.iter().chain(ends) {
            *count.entry(*value).or_default() += 1;
        }
    });
    count
}
