//! The gradient of a loop: another loop, through its iterations from the last to the first.

use super::Reverse;
use crate::ir::function::Function;
use crate::ir::kernel::Slice;
use crate::ir::loops::{Loop, Region};
use crate::ir::{Graph, Leaf, Op, Type, Value};
use crate::size::Size;
use std::collections::{BTreeSet, HashMap};

impl Reverse<'_> {
    /// Differentiates a loop whose last value is `end`.
    ///
    /// The gradients of carried values are carried from iteration to iteration in reverse; those of
    /// values from outside of the loop accumulate over the iterations.
    pub(super) fn iterations(&mut self, forward: Region, end: Value) {
        let collected = self.collected.remove(&forward).unwrap_or_default();
        let finals = self.finals(forward);
        if collected.is_empty() && finals.iter().all(|(_, gradient)| gradient.is_none()) {
            return;
        }
        // (the iterations of a depth loop have parameters of their own, and are few)
        match self.graph[forward].truncate.clone() {
            Some(len) if !self.graph[forward].per_iteration_params => {
                self.groups(forward, end, collected, finals, len);
            }
            _ => self.mirror(forward, end, collected, finals),
        }
    }

    /// Adds the mirror of a loop: the loop through its iterations from the last to the first.
    pub(super) fn mirror(
        &mut self,
        forward: Region,
        end: Value,
        collected: Vec<(Value, Value)>,
        finals: Vec<(Value, Option<Value>)>,
    ) {
        let captured = self.captured(forward, &collected);
        let carried = finals.len();
        let starts = self.starts(finals, captured);

        let iterations = &self.graph[forward];
        let (nexts, checkpoint) = (iterations.carried.clone(), iterations.checkpoint);
        let truncate = iterations.truncate.clone();
        let mirrored = Loop {
            parent: self.graph.region,
            reversed: !iterations.reversed,
            mirror: Some(forward),
            carried: Vec::new(),
            per_iteration_params: false,
            ..iterations.clone()
        };
        let index = self.graph.course(forward).0;
        let mirror = self.graph.open(mirrored);
        let growing = self.carry_gradients(starts);
        self.compute_again(forward, end, checkpoint);
        for (value, gradient) in &growing[carried..] {
            self.gradients.insert(*value, *gradient);
        }
        for (value, gradient) in &growing[..carried] {
            if let Some(carried) = nexts.iter().find(|carried| carried.value == *value) {
                self.add(carried.next, *gradient);
            }
        }
        for (value, sequence) in collected {
            let shape = self.graph.shape(value).to_vec();
            let slice = Slice { axis: 0, start: index.clone(), len: Size::one() };
            let element = self.graph.kernel(slice, vec![sequence]);
            let element = self.graph.view(element, shape);
            self.add(value, element);
        }
        self.region(Some(forward), end);
        for (position, (value, gradient)) in growing.iter().enumerate() {
            let ty = self.graph.ty(*gradient).clone();
            let next = match self.gradients.remove(value) {
                Some(next) => self.graph.expand(next, &ty),
                None => self.graph.zeros(&ty),
            };
            let next = match &truncate {
                Some(len) if position < carried => {
                    let iteration = self.graph.iterations_before(forward);
                    let groups = iteration.over(len).unwrap_or_default();
                    let place = iteration.minus(&groups.times(len));
                    // the gradient of the first iteration's initial value is not cut off
                    let first = self.above_zero(&iteration);
                    let begins = self.is_zero(&place);
                    let cut = self.graph.multiply(first, begins);
                    self.unless(cut, next)
                }
                _ => next,
            };
            let next = self.graph.materialize_next(next, *gradient);
            self.graph.set_next(*gradient, next);
        }
        let elements = self.close_elements(forward);
        let grown = self.grow_exactly();
        self.graph.close();
        self.sum_postponed();
        self.add_grown(grown);
        for (sequence, gradient) in elements {
            if self.graph.grouped(forward).is_some() {
                // collected together with those of the other groups
                self.of_groups.push((mirror, sequence, gradient));
                continue;
            }
            let whole = self.graph.collect(mirror, gradient);
            self.add(sequence, whole);
        }
        self.after(&growing, carried);
    }

    /// Returns the values whose gradients pass through a loop, each with the initial value of its
    /// gradient: the carried values, with the gradients from after the loop, then the values from
    /// outside that the loop reads.
    pub(super) fn starts(
        &mut self,
        finals: Vec<(Value, Option<Value>)>,
        captured: BTreeSet<Value>,
    ) -> Vec<(Value, Value)> {
        let mut all = finals;
        for value in captured {
            all.push((value, self.gradients.remove(&value)));
        }
        all.into_iter().map(|(value, gradient)| self.start(value, gradient)).collect()
    }

    /// Makes the gradients carried values of the current loop, and returns them by their values.
    pub(super) fn carry_gradients(&mut self, starts: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
        let carry = |(value, start): (Value, Value)| (value, self.graph.carry(start));
        let growing: Vec<_> = starts.into_iter().map(carry).collect();
        for (value, gradient) in &growing {
            let name = format!("d_{}", self.graph[*value].name);
            self.graph.name(*gradient, &name);
        }
        growing
    }

    /// Adds the final values of the gradients that passed through a loop to the values outside of
    /// it; the first `carried` are those of carried values.
    pub(super) fn after(&mut self, growing: &[(Value, Value)], carried: usize) {
        let (of_carried, of_captured) = growing.split_at(carried);
        for (value, gradient) in of_captured {
            let last = self.graph.last(*gradient);
            self.gradients.insert(*value, last);
        }
        // the initial value of a loop may be read in it as well
        for (value, gradient) in of_carried {
            let last = self.graph.last(*gradient);
            let initial = self.graph[*value].operands[0];
            self.add(initial, last);
        }
    }

    /// Returns the carried values that need a gradient, with the gradients of their final values.
    fn finals(&self, region: Region) -> Vec<(Value, Option<Value>)> {
        let carried = self.graph[region].carried.iter().map(|carried| carried.value);
        let needs_grad = carried.filter(|value| self.needs_grad[value.0]);
        let after = |(last, gradient): (&Value, &Value)| match &self.graph[*last] {
            node if matches!(node.op, Op::Final) => Some((node.operands[0], *gradient)),
            _ => None,
        };
        let finals: HashMap<Value, Value> = self.gradients.iter().filter_map(after).collect();
        needs_grad.map(|value| (value, finals.get(&value).copied())).collect()
    }

    /// Returns the values from outside that the loop reads and that need a gradient, without the
    /// parameters, which have gradients of their own.
    pub(super) fn captured(&self, region: Region, collected: &[(Value, Value)]) -> BTreeSet<Value> {
        let graph = &*self.graph;
        let inside = |value: &Value| graph.is_within(graph[*value].region, Some(region));
        let body = (0..self.needs_grad.len()).map(Value).filter(inside);
        let operands = body.flat_map(|value| match graph[value].op {
            // the initial value is read before the loop
            Op::Carried(at) if at == region => &[],
            // the gradients of elements are collected after the loop
            Op::Kernel(_) if graph[value].region == Some(region) && self.is_element(value) => &[],
            _ => graph[value].operands.as_slice(),
        });
        let nexts = graph[region].carried.iter().map(|carried| carried.next);
        let collected = collected.iter().map(|(value, _)| *value);
        operands
            .copied()
            .chain(nexts)
            .chain(collected)
            .filter(|value| !inside(value) && self.needs_grad[value.0])
            .filter(|value| !matches!(graph[*value].op, Op::Leaf(Leaf::Parameter(_))))
            .collect()
    }

    /// Returns a value with the initial value of its carried gradient.
    pub(super) fn start(&mut self, value: Value, gradient: Option<Value>) -> (Value, Value) {
        let ty = self.graph.ty(value).clone();
        let gradient = gradient.unwrap_or_else(|| self.graph.number(0.0));
        (value, self.graph.init_carry(gradient, &ty))
    }

    /// Returns 1 if a size is more than 0, else 0.
    pub(super) fn above_zero(&mut self, size: &Size) -> Value {
        let (size, one) = (self.graph.count(size), self.graph.number(1.0));
        self.graph.scalar(Function::AtLeast, vec![size, one])
    }

    /// Returns 1 if a size is 0, else 0.
    fn is_zero(&mut self, size: &Size) -> Value {
        let (size, zero) = (self.graph.count(size), self.graph.number(0.0));
        self.graph.scalar(Function::AtLeast, vec![zero, size])
    }

    /// Returns a gradient where `number` is 0, else 0. It is a selection, so that an infinite
    /// gradient becomes 0 as well.
    pub(super) fn unless(&mut self, number: Value, gradient: Value) -> Value {
        let zero = self.graph.number(0.0);
        self.graph.scalar(Function::Select, vec![number, zero, gradient])
    }

    /// Computes the values of an iteration again: all of them, or only numbers, which are not kept
    /// in memory.
    fn compute_again(&mut self, forward: Region, end: Value, all: bool) {
        let mirror = self.graph.region;
        for value in (0..=end.0).map(Value) {
            let node = self.graph[value].clone();
            let within = |value: &Value| {
                let node = &self.graph[*value];
                matches!(node.op, Op::Final) && node.region == Some(forward)
            };
            // the results of inner loops are kept: their iterations are not computed again
            let kept = matches!(
                node.op,
                Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Collect(_) | Op::Stack
            ) || node.operands.iter().any(within);
            let wanted = all || node.ty.is_number();
            if node.region != Some(forward) || kept || !wanted {
                continue;
            }
            self.graph.line = node.line;
            let operands = self.operands(&node);
            let copy = self.graph.add_in(mirror, node.op.clone(), operands, node.ty.clone());
            match node.name.is_empty() {
                true => self.graph.name(copy, &node.op.noun()),
                false => self.graph.name(copy, &node.name),
            }
            self.again.insert(value, copy);
        }
    }
}

impl Graph {
    /// Returns zeros of a type.
    pub(super) fn zeros(&mut self, ty: &Type) -> Value {
        let zero = self.number(0.0);
        self.expand(zero, ty)
    }

    /// Returns the last value of a loop, including its inner loops.
    pub(super) fn end(&self, region: Region) -> Option<Value> {
        self.values().rev().find(|value| self.is_within(self[*value].region, Some(region)))
    }
}
