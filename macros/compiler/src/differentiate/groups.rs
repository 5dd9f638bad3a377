//! The gradient of a loop whose iterations are not kept: a loop over groups of them, from the last
//! group to the first, that computes each group again before it differentiates it.

use super::Reverse;
use crate::ir::loops::{Groups, Loop, Region};
use crate::ir::{Direction, Op, Value};
use crate::size::Size;
use std::collections::HashMap;

/// A copy of a loop.
struct Copy {
    region: Region,
    /// The last value of the copy.
    end: Value,
    /// The copies of the loop's values.
    values: HashMap<Value, Value>,
    /// The initial values of the copied carried values, by the original.
    begins: HashMap<Value, Value>,
}

impl Reverse<'_> {
    /// Differentiates a loop in groups of `len` iterations, between which no gradient flows.
    pub(super) fn groups(
        &mut self,
        forward: Region,
        end: Value,
        collected: Vec<(Value, Value)>,
        finals: Vec<(Value, Option<Value>)>,
        len: Size,
    ) {
        let captured = self.captured(forward, &collected);
        let carried = finals.len();
        let starts = self.starts(finals, captured);
        let groups = Groups { len, index: self.graph.fresh_index("group") };
        let count = groups.count(&self.graph[forward].count);
        self.graph.iterations_mut(forward).groups = Some(groups.clone());
        self.graph.open(Loop {
            reversed: true,
            mirror: Some(forward),
            groups: Some(groups.clone()),
            ..Loop::new(self.graph, count, groups.index.clone())
        });
        let growing = self.carry_gradients(starts);
        let copy = self.copy(forward, end, &groups);
        let copied = |value: Value| copy.values.get(&value).copied().unwrap_or(value);
        for (value, gradient) in &growing[carried..] {
            self.gradients.insert(*value, *gradient);
        }
        let of_copies = growing[..carried].iter();
        let of_copies = of_copies.map(|(value, gradient)| (copied(*value), Some(*gradient)));
        let collected = collected.into_iter().map(|(value, whole)| (copied(value), whole));
        self.mirror(copy.region, copy.end, collected.collect(), of_copies.collect());
        let not_first = self.above_zero(&groups.number());
        for (position, (value, gradient)) in growing.iter().enumerate() {
            let ty = self.graph.ty(*gradient).clone();
            let next = match position < carried {
                true => self.gradients.remove(&copy.begins[value]),
                false => self.gradients.remove(value),
            };
            let next = match next {
                Some(next) => self.graph.expand(next, &ty),
                None => self.graph.zeros(&ty),
            };
            // the gradient of the loop's initial value is not cut off
            let next = if position < carried { self.unless(not_first, next) } else { next };
            let next = self.graph.materialize_next(next, *gradient);
            self.graph.set_next(*gradient, next);
        }
        let grown = self.grow_exactly();
        self.graph.close();
        self.sum_postponed();
        self.add_grown(grown);
        for (mirror, sequence, gradient) in std::mem::take(&mut self.of_groups) {
            let whole = self.graph.collect(mirror, gradient);
            self.add(sequence, whole);
        }
        self.after(&growing, carried);
    }

    /// Adds a copy of a loop that computes the iterations of the current group.
    fn copy(&mut self, forward: Region, end: Value, groups: &Groups) -> Copy {
        let iterations = self.graph[forward].clone();
        let mut values = HashMap::new();
        let mut begins = HashMap::new();
        for carried in &iterations.carried {
            // the carried value that was saved at the beginning of the group
            let begin = self.graph.copy(carried.value);
            let name = self.graph[carried.value].name.clone();
            self.graph.name(begin, &name);
            let needs_grad = self.needs_grad[carried.value.0];
            self.set_needs_grad(begin, needs_grad);
            begins.insert(carried.value, begin);
        }
        let around = (self.graph.direction, self.graph.line);
        self.graph.direction = Direction::Forward;
        let region = self.graph.open(Loop {
            checkpoint: iterations.checkpoint,
            per_iteration_params: iterations.per_iteration_params,
            recomputed: Some(forward),
            ..Loop::new(
                self.graph,
                groups.present(&iterations.count),
                self.graph.fresh_index(&format!("{}_in_group", iterations.index)),
            )
        });
        let mut regions = HashMap::from([(forward, region)]);
        for value in (0..=end.0).map(Value) {
            let node = self.graph[value].clone();
            let Some(own) = node.region else { continue };
            if !self.graph.is_within(Some(own), Some(forward)) {
                continue;
            }
            self.graph.line = node.line;
            self.graph.region = Some(self.copy_of_region(own, &mut regions));
            let operand = |value: &Value| values.get(value).copied().unwrap_or(*value);
            let copy = match node.op {
                Op::Carried(at) => {
                    let first =
                        if at == forward { begins[&value] } else { operand(&node.operands[0]) };
                    self.graph.carry(first)
                }
                _ => {
                    let op = match node.op {
                        Op::Collect(at) => Op::Collect(regions[&at]),
                        op => op,
                    };
                    let operands = node.operands.iter().map(operand).collect();
                    self.graph.copy_node(op, operands, node.ty)
                }
            };
            self.graph.name(copy, &node.name);
            let needs_grad = self.needs_grad[value.0];
            self.set_needs_grad(copy, needs_grad);
            values.insert(value, copy);
            self.originals.insert(copy, value);
        }
        let copied = |value: Value| values.get(&value).copied().unwrap_or(value);
        for original in regions.keys() {
            for carried in self.graph[*original].carried.clone() {
                self.graph.set_next(copied(carried.value), copied(carried.next));
            }
        }
        self.ends.resize(self.graph.regions().count(), None);
        for (original, copy) in &regions {
            self.ends[copy.0] = self.ends[original.0].map(copied);
        }
        let end = self.graph.end(region).unwrap_or(end);
        self.graph.region = Some(region);
        self.graph.close();
        (self.graph.direction, self.graph.line) = around;
        Copy { region, end, values, begins }
    }

    /// Returns the copy of a loop within the loop that is copied, opening it if it is new.
    fn copy_of_region(&mut self, own: Region, regions: &mut HashMap<Region, Region>) -> Region {
        if let Some(copy) = regions.get(&own) {
            return *copy;
        }
        let parent = self.graph[own].parent.map(|parent| self.copy_of_region(parent, regions));
        let iterations = self.graph[own].clone();
        let copy = Loop { parent, recomputed: Some(own), carried: Vec::new(), ..iterations };
        let copy = self.graph.open(copy);
        regions.insert(own, copy);
        copy
    }

    /// Records whether a value that was added depends on a parameter.
    fn set_needs_grad(&mut self, value: Value, needs_grad: bool) {
        if self.needs_grad.len() <= value.0 {
            self.needs_grad.resize(value.0 + 1, false);
        }
        self.needs_grad[value.0] |= needs_grad;
    }
}
