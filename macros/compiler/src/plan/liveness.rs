//! Between which steps every value has to stay.

use super::Plan;
use crate::fuse::{Root, Schedule, Step, StepKind};
use crate::ir::loops::Region;
use crate::ir::{Graph, Op, Value};
use std::collections::{BTreeMap, HashMap};

/// The steps between which a value has to stay, by their positions: first written, last read.
#[derive(Clone, Copy, Debug)]
pub struct LiveRange {
    pub first: usize,
    pub last: usize,
}

/// The lives of all values.
///
/// Positions count the steps of an iteration once. What is read within a loop but computed before it
/// lives until the loop's end.
#[derive(Default)]
pub struct LiveRanges {
    /// Of values that a step writes.
    pub values: BTreeMap<Value, LiveRange>,
    /// Of the saved copies of carried values.
    pub saves: BTreeMap<Value, LiveRange>,
    /// The loops whose iterations are kept apart, by value.
    pub stacks: HashMap<Value, Vec<Region>>,
    /// The last position at which a value is read in its own iteration.
    pub own: HashMap<Value, usize>,
    /// Where loops begin and end.
    pub spans: HashMap<Region, LiveRange>,
    end: usize,
}

/// A step, or the end of an iteration, at its position.
struct Visit<'a> {
    at: usize,
    region: Option<Region>,
    reads: &'a [Value],
}

impl LiveRanges {
    /// The lives under `plan`, which tells the values that are parts of others: those live as the
    /// whole.
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
                // after the last step, when results are put where they belong
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
                // what is carried or collected is there until the loop has ended
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
        let Some(life) = self.values.get_mut(&value) else { return };
        let own = graph[value].region;
        // carried values are read after their loop as well, where they are the last iteration's
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
            if visit.region == own {
                let own = self.own.entry(value).or_insert(visit.at);
                *own = visit.at.max(*own);
            } else {
                let own = self.own.entry(value).or_insert(last);
                *own = last.max(*own);
            }
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
}
