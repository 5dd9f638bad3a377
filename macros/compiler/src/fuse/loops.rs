//! Puts every operation into a step: kernels into one of their own, elementwise operations into loops.

use super::{Schedule, StepKind};
use crate::ir::function::{Activation, Function};
use crate::ir::loops::Region;
use crate::ir::{Direction, Graph, Op, Root, Value};
use std::collections::HashMap;

/// Puts the operations that `roots` need into steps.
pub(super) fn loops(graph: &Graph, roots: &[Root]) -> Schedule {
    let mut fuser = Fuser::new(graph, roots);
    fuser.place_all(roots);
    fuser.finish(roots)
}

/// The steps under construction.
pub(super) struct Fuser<'a> {
    pub(super) graph: &'a Graph,
    pub(super) alive: Vec<bool>,
    /// For each value, `true` if it is of the backward pass but depends on the forward pass alone.
    /// Such operations are computed where they are needed, so that only their operands have to be
    /// kept.
    sinkable: Vec<bool>,
    /// All steps; an operation's operands from its own region are in earlier ones.
    pub(super) steps: Vec<StepKind>,
    /// The steps of each region, in order.
    pub(super) order: HashMap<Option<Region>, Vec<usize>>,
    /// The step that computes a value for others to use.
    pub(super) home: HashMap<Value, usize>,
    /// The outputs of activations, by loop, activation and argument.
    outputs: HashMap<(Option<Region>, String, Value), Value>,
}

impl<'a> Fuser<'a> {
    pub(super) fn new(graph: &'a Graph, roots: &[Root]) -> Self {
        let alive = alive(graph, roots);
        let mut sinkable = Vec::new();
        for value in graph.values() {
            let node = &graph[value];
            let late = node.direction == Direction::Backward && !node.ty.is_number();
            let pure = matches!(node.op, Op::View | Op::Window(_) | Op::Scalar(_))
                && !matches!(node.op, Op::Scalar(Function::Save(_)));
            sinkable.push(
                late && pure
                    && node.operands.iter().all(|operand| {
                        let node = &graph[*operand];
                        let early = node.direction == Direction::Forward || node.ty.is_number();
                        early
                            || sinkable[operand.0]
                            || matches!(node.op, Op::Scalar(Function::Save(_)))
                    }),
            );
        }
        let mut outputs = HashMap::new();
        for value in graph.values().filter(|value| alive[value.0]) {
            if let Op::Scalar(Function::Activate(activation)) = &graph[value].op {
                let node = &graph[value];
                let key = (node.region, activation.text.to_string(), node.operands[0]);
                outputs.entry(key).or_insert(value);
            }
        }
        Self {
            graph,
            alive,
            sinkable,
            steps: Vec::new(),
            order: HashMap::new(),
            home: HashMap::new(),
            outputs,
        }
    }

    /// Places everything that is needed.
    pub(super) fn place_all(&mut self, roots: &[Root]) {
        let graph = self.graph;
        let mut ends: HashMap<usize, Vec<Region>> = HashMap::new();
        for region in graph.regions() {
            let inside = |v: &Value| graph.is_within(graph[*v].region, Some(region));
            let later = |v: &Value| graph[*v].direction == graph.direction_of(region);
            if let Some(last) = graph.values().rev().find(|v| inside(v) && later(v)) {
                // the outer loop ends after the inner
                ends.entry(last.0).or_default().insert(0, region);
            }
        }
        for value in graph.values() {
            // what a root of a loop needs was placed at the end of the loop
            let placed = self.home.contains_key(&value);
            if self.alive[value.0] && !self.sinkable[value.0] && !placed {
                self.place(value);
            }
            for region in ends.get(&value.0).into_iter().flatten() {
                self.end(*region, roots);
            }
        }
        for root in roots {
            self.ensure(root.value());
        }
    }

    /// Ends a loop: makes sure that next carried values and collected values are computed in it,
    /// and adds the loop as a step of the enclosing region.
    fn end(&mut self, region: Region, roots: &[Root]) {
        let graph = self.graph;
        for carried in &graph[region].carried {
            if self.alive[carried.value.0] {
                self.ensure(carried.next);
            }
        }
        for root in roots.iter().filter(|root| graph[root.value()].region == Some(region)) {
            self.ensure(root.value());
        }
        for value in graph.values() {
            let stacked = graph.stack_of(value);
            let taken = graph[value].op.collects() == Some(region)
                || stacked.is_some_and(|of| graph[of].region == Some(region));
            if self.alive[value.0] && taken {
                self.ensure(graph[value].operands[0]);
            }
        }
        if self.order.contains_key(&Some(region)) {
            let kind = StepKind::Loop { region, steps: Vec::new(), ends: Vec::new() };
            let step = self.add(kind, graph[region].parent);
            let own = |value: &Value| {
                let op = &graph[*value].op;
                self.alive[value.0]
                    && (op.is_carried(region) || collected(graph, op) == Some(region))
            };
            let own: Vec<Value> = graph.values().filter(own).collect();
            self.home.extend(own.into_iter().map(|value| (value, step)));
        }
    }

    /// Puts a value into a step.
    fn place(&mut self, value: Value) {
        let node = &self.graph[value];
        match &node.op {
            Op::Leaf(_) | Op::Collect(_) | Op::Stack => {}
            Op::View | Op::Window(_) | Op::Final => self.ensure(node.operands[0]),
            Op::Carried(_) => self.ensure(node.operands[0]),
            Op::Scalar(_) if node.ty.is_number() => self.push(StepKind::Number(value), value),
            Op::Scalar(Function::Save(activation)) => self.keep(value, activation),
            Op::Scalar(_) => self.join(value),
            Op::Kernel(_) => {
                for operand in &node.operands {
                    self.ensure(*operand);
                }
                self.push(StepKind::Kernel(value), value);
            }
        }
    }

    /// Makes sure that a value is computed in some step.
    fn ensure(&mut self, value: Value) {
        let value = self.graph.base(value);
        let iterations =
            matches!(self.graph[value].op, Op::Carried(_) | Op::Collect(_) | Op::Stack);
        if !iterations && !self.home.contains_key(&value) {
            self.place(value);
        }
    }

    fn push(&mut self, kind: StepKind, value: Value) {
        let step = self.add(kind, self.graph[value].region);
        self.home.insert(value, step);
    }

    fn add(&mut self, kind: StepKind, region: Option<Region>) -> usize {
        let step = self.steps.len();
        self.steps.push(kind);
        self.order.entry(region).or_default().push(step);
        step
    }

    /// Puts an operation into the loop that computes its operands, or into a new one.
    fn join(&mut self, value: Value) {
        let graph = self.graph;
        let mut pulled = Vec::new();
        let mut latest = None;
        self.operands(value, &mut pulled, &mut latest);
        let node = &graph[value];
        let joinable = latest.filter(|step| match &self.steps[*step] {
            StepKind::Elementwise(members) => {
                let first = &graph[members[0]];
                let same = first.ty == node.ty
                    && first.direction == node.direction
                    && first.region == node.region;
                // a view of a member can be read only after the loop
                same && pulled.iter().chain([&value]).all(|value| {
                    graph[*value].operands.iter().all(|operand| {
                        members.contains(operand)
                            || pulled.contains(operand)
                            || self.home.get(&graph.base(*operand)) != Some(step)
                    })
                })
            }
            _ => false,
        });
        let step =
            joinable.unwrap_or_else(|| self.add(StepKind::Elementwise(Vec::new()), node.region));
        if let StepKind::Elementwise(members) = &mut self.steps[step] {
            for member in pulled.into_iter().chain([value]) {
                if !members.contains(&member) {
                    members.push(member);
                }
            }
        }
        self.home.insert(value, step);
    }

    /// Finds the latest step that computes one of the operands; sinkable operands are collected in
    /// `pulled`, to join the same loop.
    fn operands(&mut self, value: Value, pulled: &mut Vec<Value>, latest: &mut Option<usize>) {
        let graph = self.graph;
        for operand in &graph[value].operands {
            let node = &graph[*operand];
            let is_pulled = self.sinkable[operand.0]
                && matches!(node.op, Op::Scalar(_))
                && node.ty == graph[value].ty
                && node.region == graph[value].region
                && !self.home.contains_key(operand);
            if is_pulled {
                if !pulled.contains(operand) {
                    self.operands(*operand, pulled, latest);
                    pulled.push(*operand);
                }
                continue;
            }
            if !matches!(graph[graph.base(*operand)].op, Op::Leaf(_)) {
                self.ensure(*operand);
            }
            if node.ty.is_number() {
                continue;
            }
            *latest = (*latest).max(self.home.get(&graph.base(*operand)).copied());
        }
    }

    /// Puts the saved value of an activation into the loop that computes the activation.
    fn keep(&mut self, value: Value, activation: &Activation) {
        let activation_output = self.activation_output(value, activation);
        let step = activation_output
            .and_then(|activation_output| self.home.get(&activation_output).copied());
        match step.map(|step| (step, &mut self.steps[step])) {
            Some((step, StepKind::Elementwise(members))) => {
                members.push(value);
                self.home.insert(value, step);
            }
            _ => self.join(value),
        }
    }

    /// Returns the output of the activation of which `value` is saved, in the same iteration.
    pub(super) fn activation_output(&self, value: Value, activation: &Activation) -> Option<Value> {
        let node = &self.graph[value];
        let key = (node.region, activation.text.to_string(), node.operands[0]);
        self.outputs.get(&key).copied()
    }
}

/// Returns for each value whether a root depends on it. A carried value depends on its value at the
/// end of an iteration.
pub(super) fn alive(graph: &Graph, roots: &[Root]) -> Vec<bool> {
    let mut alive = vec![false; graph.values().count()];
    let mut waiting: Vec<Value> = roots.iter().map(Root::value).collect();
    while let Some(value) = waiting.pop() {
        if std::mem::replace(&mut alive[value.0], true) {
            continue;
        }
        waiting.extend_from_slice(&graph[value].operands);
        if let Op::Carried(region) = graph[value].op {
            let carried = graph[region].carried.iter().filter(|c| c.value == value);
            waiting.extend(carried.map(|carried| carried.next));
        }
    }
    alive
}

/// Returns the loop whose step writes the values that `op` collects: for a loop over one group, the
/// loop over the groups.
fn collected(graph: &Graph, op: &Op) -> Option<Region> {
    let region = op.collects()?;
    match graph.grouped(region) {
        Some(_) => graph[region].parent,
        None => Some(region),
    }
}

impl Op {
    fn is_carried(&self, region: Region) -> bool {
        matches!(self, Self::Carried(at) if *at == region)
    }
}
