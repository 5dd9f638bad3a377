//! From a graph to steps: elementwise operations become loops, as few and as long as they can be.

mod accumulate;
pub mod cost;
mod epilogue;
mod io;
mod place;
mod rows;
pub mod views;

pub use epilogue::{Pieces, pieces};

use crate::differentiate::Contribution;
use crate::ir::function::Activation;
use crate::ir::loops::Region;
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use cost::Estimate;
use place::Fuser;
pub use rows::{Expression, RowAccess, RowPass, RowSlice, Rows};
use std::collections::HashMap;

/// What a graph is run for.
#[derive(Clone, Debug)]
pub enum Root {
    /// An output of the network.
    Output(usize, Value),
    /// The loss of every sample.
    Loss(Value),
    /// A contribution to a parameter's gradient.
    Gradient(Contribution),
    /// What a stream keeps for the next step.
    State {
        /// In which state.
        state: usize,
        /// What.
        value: Value,
        /// From which scalar on.
        start: Size,
    },
}

impl Root {
    /// The value that is wanted.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Output(_, value) | Self::Loss(value) | Self::State { value, .. } => *value,
            Self::Gradient(contribution) => contribution.value,
        }
    }
}

/// One statement of the generated code.
#[derive(Clone, Debug, PartialEq)]
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
    Elementwise(Vec<Value>),
    /// One loop over rows, in which reductions and what is computed from them take turns.
    Rows(Rows),
    /// A product and the loop over its result, some rows or samples at a time.
    Product {
        /// The kernel, which may add its result to something.
        product: Box<Step>,
        /// The loop.
        then: Box<Step>,
    },
    /// One number for all samples.
    Number(Value),
    /// The iterations of a loop of the network. The step reads what is carried at the beginning, and
    /// writes what is carried and what is collected.
    Loop {
        /// Which loop.
        region: Region,
        /// What is done in an iteration.
        steps: Vec<Step>,
        /// What is read at the end of an iteration: what goes on to the next, and what is collected.
        ends: Vec<Value>,
    },
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

/// Fuses what `roots` need of `graph`; the estimates serve to choose what is faster.
#[must_use]
pub fn fuse(graph: &Graph, roots: &[Root], estimate: Estimate<'_>) -> Schedule {
    let mut fuser = Fuser::new(graph, roots);
    fuser.place_all(roots);
    let mut schedule = fuser.finish(roots);
    rows::join(graph, roots, &mut schedule, estimate);
    accumulate::accumulate(graph, roots, &mut schedule);
    epilogue::join(graph, roots, &mut schedule.steps);
    schedule
}

impl StepKind {
    /// The values that it computes; of a loop of the network none, since its steps do.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        match self {
            Self::Kernel(value) | Self::Number(value) => vec![*value],
            Self::Accumulate { kernel, .. } => vec![*kernel],
            Self::Elementwise(members) => members.clone(),
            Self::Rows(rows) => rows.members.clone(),
            Self::Product { product, then } => [product.kind.values(), then.kind.values()].concat(),
            Self::Loop { .. } => Vec::new(),
        }
    }
}

/// Calls `visit` with every step, those inside of loops after the loop.
pub fn visit<'a>(steps: &'a [Step], visit_step: &mut impl FnMut(&'a Step)) {
    for step in steps {
        visit_step(step);
        if let StepKind::Loop { steps, .. } = &step.kind {
            visit(steps, visit_step);
        }
    }
}

/// Whether two types have the same elements in the same order.
#[must_use]
pub fn same_memory(a: &Type, b: &Type) -> bool {
    a.batched == b.batched && a.element == b.element && a.len() == b.len()
}

#[cfg(test)]
mod tests;
