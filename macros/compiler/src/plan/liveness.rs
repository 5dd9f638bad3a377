//! The live ranges of values.

use super::Plan;
use crate::fuse::{Schedule, Step, StepKind};
use crate::ir::loops::Region;
use crate::ir::{Graph, Leaf, Op, Root, Value};
use std::collections::{BTreeMap, HashMap};

/// A live range: the positions of the first step that writes a value and of the last that reads it.
#[derive(Clone, Copy, Debug)]
pub struct LiveRange {
    pub first: usize,
    pub last: usize,
}

/// The live ranges of all values.
///
/// Positions count the steps of an iteration once. A value that is computed before a loop and read
/// in it lives until the end of the loop.
#[derive(Default)]
pub struct LiveRanges {
    /// The live ranges of values that a step writes.
    pub values: BTreeMap<Value, LiveRange>,
    /// The live ranges of the saved copies of carried values.
    pub saves: BTreeMap<Value, LiveRange>,
    /// The loops whose iterations are kept apart, by value.
    pub stacks: HashMap<Value, Vec<Region>>,
    /// The last position at which a value is read in its own iteration.
    pub own: HashMap<Value, usize>,
    /// The first and last position of each loop.
    pub spans: HashMap<Region, LiveRange>,
    end: usize,
}

/// The values read by a step, or at the end of an iteration, at this position.
struct Visit<'a> {
    at: usize,
    region: Option<Region>,
    reads: &'a [Value],
}

impl LiveRanges {
    /// Computes the live ranges under `plan`, by which some values are parts of others: a part
    /// lives as long as the whole.
    pub fn new(graph: &Graph, roots: &[Root], schedule: &Schedule, plan: &Plan) -> Self {
        let mut lives = Self::default();
        let mut visits = Vec::new();
        lives.walk(&schedule.steps, None, plan, &mut visits);
        for visit in &visits {
            for read in visit.reads {
                lives.read(graph, plan.whole(*read), visit);
            }
        }
        for root in roots {
            let value = graph.base(root.value());
            let end = match graph[value].region {
                Some(region) if !graph.is_carried(value) => lives.spans[&region].last,
                // after the last step, when results are moved to their destination
                _ => lives.end + 1,
            };
            if let Some(life) = lives.values.get_mut(&value) {
                life.last = life.last.max(end);
            }
        }
        lives
    }

    fn walk<'a>(
        &mut self,
        steps: &'a [Step],
        region: Option<Region>,
        plan: &Plan,
        visits: &mut Vec<Visit<'a>>,
    ) {
        for step in steps {
            let at = self.next();
            let parts = match &step.kind {
                StepKind::Product { product, then } => [Some(&**product), Some(then)],
                _ => [Some(step), None],
            };
            for part in parts.into_iter().flatten() {
                visits.push(Visit { at, region, reads: &part.reads });
            }
            for value in &step.writes {
                let life = self.values.entry(plan.whole(*value));
                life.or_insert(LiveRange { first: at, last: at }).last = at;
            }
            if let StepKind::Loop { region, steps, ends } = &step.kind {
                self.walk(steps, Some(*region), plan, visits);
                let last = self.next();
                visits.push(Visit { at: last, region: Some(*region), reads: ends });
                self.spans.insert(*region, LiveRange { first: at, last });
                // carried and collected values live until the loop has ended
                for value in &step.writes {
                    self.values.insert(*value, LiveRange { first: at, last });
                }
            }
        }
    }

    fn next(&mut self) -> usize {
        self.end += 1;
        self.end
    }

    fn read(&mut self, graph: &Graph, value: Value, visit: &Visit<'_>) {
        let stacked = graph.stack_of(value);
        let (value, whole) = (stacked.unwrap_or(value), stacked.is_some());
        let own = graph[value].region;
        // a state of a stream is written after its last step, unless in place
        if let Op::Leaf(Leaf::State(_)) = graph[value].op {
            let inner = graph.child(visit.region, own);
            self.read_own(value, inner.map_or(visit.at, |inner| self.spans[&inner].last));
        }
        let Some(life) = self.values.get_mut(&value) else { return };
        // a carried value is also read after its loop, as that of the last iteration
        if !whole && graph.is_after(value, visit.region) {
            let around = graph.common(own, visit.region);
            let last = graph.child(visit.region, around).map_or(visit.at, |r| self.spans[&r].last);
            life.last = life.last.max(last);
            return;
        }
        let apart = graph.stacked(value, visit.region);
        let within = match apart.first() {
            Some(outermost) => graph[*outermost].parent,
            None => own,
        };
        let last = match graph.child(visit.region, within) {
            Some(inner) => self.spans[&inner].last,
            None => visit.at,
        };
        let Some(outermost) = apart.first() else {
            life.last = life.last.max(last);
            self.read_own(value, last);
            return;
        };
        let first = self.spans[outermost].first;
        if matches!(graph[value].op, Op::Carried(_)) {
            let save = self.saves.entry(value).or_insert(LiveRange { first, last });
            save.last = save.last.max(last);
        } else {
            life.first = life.first.min(first);
            life.last = life.last.max(last);
        }
        let longest = self.stacks.entry(value).or_default();
        if apart.len() > longest.len() {
            *longest = apart;
        }
    }

    /// Notes the last position of a step, or of the loop that it is in, that reads a value in its own iteration.
    fn read_own(&mut self, value: Value, last: usize) {
        let own = self.own.entry(value).or_insert(last);
        *own = last.max(*own);
    }
}
