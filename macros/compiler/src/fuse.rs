//! From a graph to steps: elementwise operations become loops, as few and as long as they can be.

mod accumulate;

use crate::differentiate::Contribution;
use crate::ir::function::{Activation, Function};
use crate::ir::{Graph, Op, Pass, Type, Value};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What a graph is run for.
#[derive(Clone, Copy, Debug)]
pub enum Root {
    /// An output of the network.
    Output(usize, Value),
    /// The loss of every sample.
    Loss(Value),
    /// A contribution to a parameter's gradient.
    Gradient(Contribution),
}

impl Root {
    /// The value that is wanted.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Output(_, value) | Self::Loss(value) => *value,
            Self::Gradient(contribution) => contribution.value,
        }
    }
}

/// One statement of the generated code.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done.
    pub kind: StepKind,
    /// What it reads from memory.
    pub reads: Vec<Value>,
    /// What it leaves in memory.
    pub writes: Vec<Value>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Calls a kernel.
    Kernel(Value),
    /// Calls a kernel that adds its result to what is there already.
    Accumulate {
        /// The kernel.
        kernel: Value,
        /// What it is added to.
        onto: Value,
    },
    /// One loop over elements, computing these values in this order.
    Loop(Vec<Value>),
    /// One number for all samples.
    Number(Value),
}

/// Steps in the order in which they run.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    /// The steps.
    pub steps: Vec<Step>,
    /// What was kept of an activation whose output is in memory as well, with that output: where
    /// the activation's derivative is told from the output, nothing has to be kept.
    pub kept: HashMap<Value, (Activation, Value)>,
}

/// Fuses what `roots` need of `graph`.
#[must_use]
pub fn fuse(graph: &Graph, roots: &[Root]) -> Schedule {
    let mut fuser = Fuser::new(graph, roots);
    for value in graph.values() {
        if fuser.alive[value.0] && !fuser.floats[value.0] {
            fuser.place(value);
        }
    }
    for root in roots {
        fuser.ensure(root.value());
    }
    let mut schedule = fuser.finish(roots);
    accumulate::accumulate(graph, roots, &mut schedule);
    schedule
}

/// The value whose memory a value is: what a chain of views is of.
#[must_use]
pub fn base(graph: &Graph, mut value: Value) -> Value {
    while let Op::View = graph[value].op {
        value = graph[value].operands[0];
    }
    value
}

struct Fuser<'a> {
    graph: &'a Graph,
    alive: Vec<bool>,
    /// Operations of the backward pass that depend on the forward pass alone: done where they are
    /// needed, so that nothing but their operands has to be kept.
    floats: Vec<bool>,
    steps: Vec<StepKind>,
    /// The step that computes a value for others to use.
    home: HashMap<Value, usize>,
    /// The living outputs of activations, by the activation and what it is applied to.
    outputs: HashMap<(Rc<str>, Value), Value>,
}

impl<'a> Fuser<'a> {
    fn new(graph: &'a Graph, roots: &[Root]) -> Self {
        let mut alive = vec![false; graph.values().count()];
        for root in roots {
            alive[root.value().0] = true;
        }
        for value in graph.values().rev() {
            if alive[value.0] {
                for operand in &graph[value].operands {
                    alive[operand.0] = true;
                }
            }
        }
        let mut floats = Vec::new();
        for value in graph.values() {
            let node = &graph[value];
            let late = node.pass == Pass::Backward && !node.ty.is_number();
            let pure = matches!(node.op, Op::View | Op::Scalar(_))
                && !matches!(node.op, Op::Scalar(Function::Keep(_)));
            floats.push(
                late && pure
                    && node.operands.iter().all(|operand| {
                        let node = &graph[*operand];
                        let early = node.pass == Pass::Forward || node.ty.is_number();
                        early
                            || floats[operand.0]
                            || matches!(node.op, Op::Scalar(Function::Keep(_)))
                    }),
            );
        }
        let mut outputs = HashMap::new();
        for value in graph.values().filter(|value| alive[value.0]) {
            if let Op::Scalar(Function::Activate(activation)) = &graph[value].op {
                let key = (Rc::clone(&activation.text), graph[value].operands[0]);
                outputs.entry(key).or_insert(value);
            }
        }
        Self { graph, alive, floats, steps: Vec::new(), home: HashMap::new(), outputs }
    }

    /// Gives a value its step.
    fn place(&mut self, value: Value) {
        let node = &self.graph[value];
        match &node.op {
            Op::Leaf(_) => {}
            Op::View => self.ensure(node.operands[0]),
            Op::Scalar(_) if node.ty.is_number() => self.push(StepKind::Number(value), value),
            Op::Scalar(Function::Keep(activation)) => self.keep(value, activation),
            Op::Scalar(_) => self.join(value),
            Op::Kernel(_) => {
                for operand in &node.operands {
                    self.ensure(*operand);
                }
                self.push(StepKind::Kernel(value), value);
            }
        }
    }

    /// Sees to it that a value is computed somewhere.
    fn ensure(&mut self, value: Value) {
        let value = base(self.graph, value);
        if !self.home.contains_key(&value) {
            self.place(value);
        }
    }

    fn push(&mut self, kind: StepKind, value: Value) {
        self.home.insert(value, self.steps.len());
        self.steps.push(kind);
    }

    /// Puts an operation into the loop that its operands come from, or into a new one.
    fn join(&mut self, value: Value) {
        let mut pulled = Vec::new();
        let mut latest = None;
        self.operands(value, &mut pulled, &mut latest);
        let ty = &self.graph[value].ty;
        let joinable = latest.filter(|step| match &self.steps[*step] {
            StepKind::Loop(members) => {
                let same = self.graph[members[0]].ty == *ty
                    && self.graph[members[0]].pass == self.graph[value].pass;
                // a view of a member is not there before the loop is over
                same && pulled.iter().chain([&value]).all(|value| {
                    self.graph[*value].operands.iter().all(|operand| {
                        members.contains(operand)
                            || pulled.contains(operand)
                            || self.home.get(&base(self.graph, *operand)) != Some(step)
                    })
                })
            }
            _ => false,
        });
        let step = joinable.unwrap_or_else(|| {
            self.steps.push(StepKind::Loop(Vec::new()));
            self.steps.len() - 1
        });
        if let StepKind::Loop(members) = &mut self.steps[step] {
            for member in pulled.into_iter().chain([value]) {
                if !members.contains(&member) {
                    members.push(member);
                }
            }
        }
        self.home.insert(value, step);
    }

    /// Finds the latest step that the operands come from; floating ones are pulled in with it.
    fn operands(&mut self, value: Value, pulled: &mut Vec<Value>, latest: &mut Option<usize>) {
        for operand in &self.graph[value].operands {
            let node = &self.graph[*operand];
            let is_pulled = self.floats[operand.0]
                && matches!(node.op, Op::Scalar(_))
                && node.ty == self.graph[value].ty
                && !self.home.contains_key(operand);
            if is_pulled {
                if !pulled.contains(operand) {
                    self.operands(*operand, pulled, latest);
                    pulled.push(*operand);
                }
                continue;
            }
            if !matches!(self.graph[base(self.graph, *operand)].op, Op::Leaf(_)) {
                self.ensure(*operand);
            }
            if node.ty.is_number() {
                continue;
            }
            *latest = (*latest).max(self.home.get(&base(self.graph, *operand)).copied());
        }
    }

    /// What is kept of an activation is computed together with it.
    fn keep(&mut self, value: Value, activation: &Activation) {
        let twin = self.twin(value, activation);
        let step = twin.and_then(|twin| self.home.get(&twin).copied());
        match step.map(|step| (step, &mut self.steps[step])) {
            Some((step, StepKind::Loop(members))) => {
                members.push(value);
                self.home.insert(value, step);
            }
            _ => self.join(value),
        }
    }

    /// The output of the activation that `value` is kept of.
    fn twin(&self, value: Value, activation: &Activation) -> Option<Value> {
        let operand = self.graph[value].operands[0];
        self.outputs.get(&(Rc::clone(&activation.text), operand)).copied()
    }

    fn finish(self, roots: &[Root]) -> Schedule {
        let graph = self.graph;
        let mut wanted: HashSet<Value> =
            roots.iter().map(|root| base(graph, root.value())).collect();
        let mut steps = Vec::new();
        for (index, kind) in self.steps.iter().enumerate() {
            let mut reads = Vec::new();
            for operand in kind.values().iter().flat_map(|value| &graph[*value].operands) {
                let base = base(graph, *operand);
                let inside = matches!(kind, StepKind::Loop(members) if members.contains(operand));
                if !inside && !graph[base].ty.is_number() && !reads.contains(&base) {
                    reads.push(base);
                }
            }
            wanted.extend(&reads);
            steps.push((index, kind.clone(), reads));
        }
        let mut schedule = Schedule::default();
        for (index, kind, reads) in steps {
            let writes = kind
                .values()
                .iter()
                .copied()
                .filter(|value| wanted.contains(value) && self.home.get(value) == Some(&index));
            let writes = writes.collect();
            schedule.steps.push(Step { kind, reads, writes });
        }
        for value in graph.values() {
            if let Op::Scalar(Function::Keep(activation)) = &graph[value].op
                && let Some(twin) = self.twin(value, activation)
                && wanted.contains(&twin)
                && wanted.contains(&value)
                && self.home.get(&twin) == self.home.get(&value)
                // one of two loops is chosen by one activation, not by several
                && !schedule.kept.values().any(|(_, other)| self.home.get(other) == self.home.get(&twin))
            {
                schedule.kept.insert(value, (activation.clone(), twin));
            }
        }
        // whoever reads what was kept may have to read the output instead
        for step in &mut schedule.steps {
            let outputs: Vec<Value> =
                step.reads.iter().filter_map(|value| Some(schedule.kept.get(value)?.1)).collect();
            for output in outputs {
                if !step.reads.contains(&output) {
                    step.reads.push(output);
                }
            }
        }
        // numbers depend on numbers alone, and loops may have grown before theirs
        schedule.steps.sort_by_key(|step| !matches!(step.kind, StepKind::Number(_)));
        schedule
    }
}

impl StepKind {
    /// The values that it computes.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        match self {
            Self::Kernel(value) | Self::Number(value) => std::slice::from_ref(value),
            Self::Accumulate { kernel, .. } => std::slice::from_ref(kernel),
            Self::Loop(members) => members,
        }
    }
}

/// Whether two types have the same elements in the same order.
#[must_use]
pub fn same_memory(a: &Type, b: &Type) -> bool {
    a.batched == b.batched && a.element == b.element && a.len() == b.len()
}
