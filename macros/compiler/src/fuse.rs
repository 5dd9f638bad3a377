//! Fusion of a graph into steps: elementwise operations become loops, as few and as long as
//! possible.

mod accumulate;
pub mod cost;
mod epilogue;
mod io;
mod loops;
mod readers;
mod rows;
mod siblings;
pub mod views;

use accumulate::accumulate;
use epilogue::epilogue;
pub use epilogue::{Pieces, pieces};

use crate::ir::function::Activation;
use crate::ir::loops::Region;
use crate::ir::{Graph, Root, Type, Value};
use cost::Estimate;
use loops::loops;
pub use readers::Readers;
use rows::rows;
pub use rows::{Expression, RowAccess, RowPass, RowSlice, Rows};
use siblings::siblings;
use std::collections::HashMap;

/// One statement of the generated code.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The kind of step, with what it computes.
    pub kind: StepKind,
    /// The values that it reads from memory.
    pub reads: Vec<Value>,
    /// The values that it writes to memory.
    pub writes: Vec<Value>,
}

/// The kinds of steps.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// The call of a kernel.
    Kernel(Value),
    /// The call of a kernel that adds its result to a value in memory.
    Accumulate {
        /// The value of the kernel.
        kernel: Value,
        /// The value that it is added to.
        onto: Value,
    },
    /// One loop over elements that computes these values in this order.
    Elementwise(Vec<Value>),
    /// One loop over rows, which alternates reductions with the values computed from them.
    Rows(Rows),
    /// A product and the loop over its result, some rows or samples at a time.
    Product {
        /// The step of the kernel, which may add its result to a value.
        product: Box<Step>,
        /// The step of the loop.
        then: Box<Step>,
    },
    /// The computation of one number for all samples.
    Number(Value),
    /// A loop of the network. The step reads the initial values of carried values, and writes
    /// carried and collected values.
    Loop {
        /// The loop.
        region: Region,
        /// The steps of an iteration.
        steps: Vec<Step>,
        /// The values that are read at the end of an iteration: the next carried values, and
        /// collected values.
        ends: Vec<Value>,
    },
}

/// Steps in the order in which they run.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    /// The steps.
    pub steps: Vec<Step>,
    /// The saved values of activations whose output is in memory as well, with that output: if the
    /// activation computes its derivative from the output, nothing has to be saved.
    pub kept: HashMap<Value, (Activation, Value)>,
}

/// Fuses the part of `graph` that `roots` need; the estimates serve to choose what is faster.
#[must_use]
pub fn fuse(graph: &Graph, roots: &[Root], estimate: Estimate<'_>) -> Schedule {
    let mut schedule = loops(graph, roots);
    rows(graph, roots, &mut schedule, estimate);
    accumulate(graph, roots, &mut schedule);
    epilogue(graph, roots, &mut schedule.steps);
    siblings(graph, roots, &mut schedule);
    schedule
}

impl StepKind {
    /// Returns the values that it computes; none for a loop of the network, whose steps compute
    /// them.
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

/// Calls `visit_step` with every step; those inside of a loop come after the loop.
pub fn visit<'a>(steps: &'a [Step], visit_step: &mut impl FnMut(&'a Step)) {
    for step in steps {
        visit_step(step);
        if let StepKind::Loop { steps, .. } = &step.kind {
            visit(steps, visit_step);
        }
    }
}

/// Calls `visit_step` with every step, to be changed; those inside of a loop come after the loop.
fn visit_mut(steps: &mut [Step], visit_step: &mut impl FnMut(&mut Step)) {
    for step in steps {
        visit_step(step);
        if let StepKind::Loop { steps, .. } = &mut step.kind {
            visit_mut(steps, visit_step);
        }
    }
}

/// Returns true if two types have the same elements in the same order in memory.
#[must_use]
pub fn same_memory(a: &Type, b: &Type) -> bool {
    a.batched == b.batched && a.element == b.element && a.len() == b.len()
}

#[cfg(test)]
pub(crate) mod tests;
