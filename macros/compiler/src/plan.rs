//! Where every value lives: which buffers are needed, and which values can share one.
//!
//! Values whose lives do not overlap share a slot of the arena, as variables share registers. How
//! long a slot is depends on const parameters and activations, so the lengths are left to a
//! `const fn` of the runtime. Values that grow with different run-time sizes (a sample, a token, a
//! pair of tokens) do not share a slot, so that a slot is as long as its longest value for any
//! lengths.

use crate::fuse::{Root, Schedule, Step, StepKind, base, same_memory};
use crate::ir::function::Activation;
use crate::ir::{Graph, Leaf, Op, Value};
use crate::size::Size;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where a value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the caller's input.
    Input(usize),
    /// In the caller's target.
    Target(usize),
    /// In the parameters.
    Parameter(usize),
    /// In the output.
    Output(usize),
    /// In the gradients.
    Gradient(usize),
    /// In a slot of the arena.
    Slot(usize),
}

/// How much of a slot a value needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Scalars for each sample.
    pub len: Size,
    /// None at all where this activation tells its derivative from its output.
    pub unless: Option<Activation>,
}

/// The plan of one function.
#[derive(Debug, Default)]
pub struct Plan {
    /// Where values live.
    pub homes: HashMap<Value, Home>,
    /// What each slot has to hold: the largest of its needs.
    pub slots: Vec<Vec<Need>>,
    /// Values that are written over another: the operand that each replaces.
    pub replaces: HashMap<Value, Value>,
}

/// Plans the memory of a schedule; `estimate` gives const parameters their probable values, which
/// only serve to choose between slots.
#[must_use]
pub fn plan(
    graph: &Graph,
    roots: &[Root],
    schedule: &Schedule,
    estimate: &dyn Fn(&Size) -> f64,
) -> Plan {
    let mut plan = Plan::default();
    plan.leaves(graph);
    let lives = lives(graph, roots, schedule);
    plan.replacements(graph, roots, schedule, &lives);
    plan.destinations(graph, roots);
    plan.slots(graph, schedule, &lives, estimate);
    plan
}

/// The steps between which a value has to stay: first written, last read.
#[derive(Clone, Copy, Debug)]
struct Life {
    first: usize,
    last: usize,
}

fn lives(graph: &Graph, roots: &[Root], schedule: &Schedule) -> BTreeMap<Value, Life> {
    let mut lives = BTreeMap::new();
    for (index, step) in schedule.steps.iter().enumerate() {
        for value in &step.writes {
            lives.insert(*value, Life { first: index, last: index });
        }
        for value in &step.reads {
            if let Some(life) = lives.get_mut(value) {
                life.last = index;
            }
        }
    }
    for root in roots {
        if let Some(life) = lives.get_mut(&base(graph, root.value())) {
            life.last = schedule.steps.len();
        }
    }
    lives
}

impl Plan {
    fn leaves(&mut self, graph: &Graph) {
        for value in graph.values() {
            let home = match graph[value].op {
                Op::Leaf(Leaf::Input(index)) => Home::Input(index),
                Op::Leaf(Leaf::Target(index)) => Home::Target(index),
                Op::Leaf(Leaf::Parameter(index)) => Home::Parameter(index),
                _ => continue,
            };
            self.homes.insert(value, home);
        }
    }

    /// Finds the results that can be written over an operand that is not needed afterwards.
    fn replacements(
        &mut self,
        graph: &Graph,
        roots: &[Root],
        schedule: &Schedule,
        lives: &BTreeMap<Value, Life>,
    ) {
        let direct = |value: Value| {
            roots.iter().any(|root| match root {
                Root::Gradient(contribution) => contribution.value == value,
                Root::Output(..) | Root::Loss(_) => false,
            })
        };
        for (index, step) in schedule.steps.iter().enumerate() {
            let mut taken = Vec::new();
            for result in &step.writes {
                if schedule.kept.contains_key(result) || direct(*result) {
                    continue;
                }
                let fits = |operand: &Value| {
                    lives.get(operand).is_some_and(|life| life.last == index)
                        && same_memory(graph.ty(*operand), graph.ty(*result))
                        && !schedule.kept.contains_key(operand)
                };
                let operand = candidates(graph, step)
                    .into_iter()
                    .find(|operand| fits(operand) && !taken.contains(operand));
                if let Some(operand) = operand {
                    taken.push(operand);
                    self.replaces.insert(*result, operand);
                }
            }
        }
    }

    /// Outputs and gradients live where the caller wants them, and so does what they replace.
    fn destinations(&mut self, graph: &Graph, roots: &[Root]) {
        let times = |value: Value| {
            let is_it = |root: &&Root| matches!(root, Root::Gradient(c) if c.value == value);
            roots.iter().filter(is_it).count()
        };
        for root in roots {
            let (mut value, home) = match root {
                Root::Output(index, value) => (base(graph, *value), Home::Output(*index)),
                // what counts more than once, as the gradient of two biases that are added, is
                // kept apart and added to each
                Root::Gradient(contribution) if times(contribution.value) == 1 => {
                    (contribution.value, Home::Gradient(contribution.parameter))
                }
                Root::Gradient(_) | Root::Loss(_) => continue,
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

    fn slots(
        &mut self,
        graph: &Graph,
        schedule: &Schedule,
        lives: &BTreeMap<Value, Life>,
        estimate: &dyn Fn(&Size) -> f64,
    ) {
        let mut slots: Vec<Slot> = Vec::new();
        let mut births: Vec<(&Value, &Life)> = lives.iter().collect();
        births.sort_by_key(|(value, life)| (life.first, **value));
        let successors: HashMap<Value, Value> =
            self.replaces.iter().map(|(a, b)| (*b, *a)).collect();
        for (value, life) in births {
            if self.homes.contains_key(value) {
                continue;
            }
            let len = graph.ty(*value).len();
            let size = estimate(&len);
            // the slot stays taken as long as what replaces the value lives
            let mut end = life.last;
            let mut next = *value;
            while let Some(successor) = successors.get(&next) {
                next = *successor;
                end = end.max(lives[&next].last);
            }
            let slot = match self.replaces.get(value).and_then(|operand| self.homes.get(operand)) {
                Some(Home::Slot(slot)) => *slot,
                _ => best_free(&slots, life.first, size, &len).unwrap_or_else(|| {
                    slots.push(Slot { end: 0, size: 0.0, growth: len.growth() });
                    self.slots.push(Vec::new());
                    slots.len() - 1
                }),
            };
            slots[slot].end = end;
            slots[slot].size = slots[slot].size.max(size);
            let unless = schedule.kept.get(value).map(|(activation, _)| activation.clone());
            let need = Need { len, unless };
            if !self.slots[slot].contains(&need) {
                self.slots[slot].push(need);
            }
            self.homes.insert(*value, Home::Slot(slot));
        }
    }
}

/// The operands that a step may write its results over.
fn candidates(graph: &Graph, step: &Step) -> Vec<Value> {
    match &step.kind {
        StepKind::Kernel(value) => {
            let node = &graph[*value];
            let Op::Kernel(kernel) = &node.op else { return Vec::new() };
            let first = node.operands.first().map(|operand| base(graph, *operand));
            // the operand may not come twice: it would be overwritten while it is read
            let once = step.reads.iter().filter(|read| Some(**read) == first).count() == 1
                && node.operands[1..].iter().all(|other| Some(base(graph, *other)) != first);
            first.filter(|_| kernel.in_place() && once).into_iter().collect()
        }
        StepKind::Accumulate { onto, .. } => vec![*onto],
        StepKind::Loop(members) => {
            // only what is read element by element, not what is broadcast or viewed otherwise
            let ty = &graph[members[0]].ty;
            let plain = |read: &&Value| {
                members.iter().flat_map(|member| &graph[*member].operands).all(|operand| {
                    base(graph, *operand) != **read || same_memory(graph.ty(*operand), ty)
                })
            };
            step.reads.iter().filter(plain).copied().collect()
        }
        StepKind::Number(_) => Vec::new(),
    }
}

/// A slot while they are given out.
struct Slot {
    /// The step after which it is free again.
    end: usize,
    /// How long it probably is.
    size: f64,
    /// The run-time sizes that it grows with.
    growth: BTreeSet<Vec<(Size, u32)>>,
}

/// The free slot that fits best: the shortest that is long enough, else the longest.
fn best_free(slots: &[Slot], at: usize, size: f64, len: &Size) -> Option<usize> {
    let growth = len.growth();
    let fits = |slot: &Slot| slot.end < at && slot.growth == growth;
    let free = || slots.iter().enumerate().filter(|(_, slot)| fits(slot));
    let by_size = |a: &(usize, &Slot), b: &(usize, &Slot)| a.1.size.total_cmp(&b.1.size);
    let enough = free().filter(|(_, slot)| slot.size >= size).min_by(by_size);
    enough.or_else(|| free().max_by(by_size)).map(|(slot, _)| slot)
}
