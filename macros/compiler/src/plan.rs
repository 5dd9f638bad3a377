//! Memory planning: the buffers that are needed, and the values that can share one.
//!
//! Values whose live ranges do not overlap share a slot of the arena, as variables share registers.
//! The length of a slot depends on const parameters and activations, so it is left to a `const fn`
//! of the runtime. Values that grow with different run-time sizes (samples, tokens, pairs of
//! tokens) do not share a slot, so that a slot is as long as its longest value for any sizes.

mod liveness;
pub mod parts;
mod replace;
mod slots;

use crate::fuse::Schedule;
use crate::fuse::cost::Estimate;
use crate::ir::function::Activation;
use crate::ir::kernel::CacheWrite;
use crate::ir::loops::Region;
use crate::ir::{Graph, Leaf, Op, Root, Value};
use crate::size::Size;
use liveness::LiveRanges;
use parts::SubBuffer;
use std::collections::HashMap;

/// The memory in which a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// The caller's input.
    Input(usize),
    /// The caller's target.
    Target(usize),
    /// The caller's gradient of an output.
    OutputGradient(usize),
    /// A parameter.
    Parameter(usize),
    /// The caller's output.
    Output(usize),
    /// The gradient of a parameter.
    Gradient(usize),
    /// A state of a stream.
    State(usize),
    /// A slot of the arena.
    Slot(usize),
}

/// The length of a slot that a value needs.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotSize {
    /// Number of scalars.
    pub len: Size,
    /// `true` if it takes as many for each sample, `false` if all samples share them.
    pub batched: bool,
    /// The activation of which the value is saved, if any: nothing is needed if it computes its
    /// derivative from its output.
    pub skip_if: Option<Activation>,
}

/// The memory plan of one function.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The memory of each value.
    pub homes: HashMap<Value, Storage>,
    /// The lengths that each slot has to hold, the longest of which is its own.
    pub slots: Vec<Vec<SlotSize>>,
    /// Values that are written over an operand, with that operand.
    pub replaces: HashMap<Value, Value>,
    /// Values that are written as parts of others.
    pub parts: HashMap<Value, SubBuffer>,
    /// Values of loops whose iterations are kept apart, because the backward pass reads them, with
    /// these loops from the outermost.
    pub stacks: HashMap<Value, Vec<Region>>,
    /// Carried values that the backward pass reads, with the slot in which they are saved at the
    /// beginning of every iteration or group.
    pub saves: HashMap<Value, usize>,
}

/// Plans the memory of a schedule; the estimates only serve to choose between slots, and between
/// copies and parts in place.
#[must_use]
pub fn plan(graph: &Graph, roots: &[Root], schedule: &Schedule, estimate: Estimate<'_>) -> Plan {
    let mut plan = Plan::default();
    plan.leaves(graph);
    plan.find_parts(graph, roots, schedule, estimate);
    let lives = LiveRanges::new(graph, roots, schedule, &plan);
    plan.stacks.clone_from(&lives.stacks);
    plan.replacements(graph, roots, schedule, &lives);
    plan.carry_over(graph, roots, schedule, &lives);
    plan.write_states(graph, roots, schedule, &lives);
    plan.destinations(graph, roots, schedule);
    plan.assign_slots(graph, schedule, &lives, estimate);
    plan
}

impl Plan {
    fn leaves(&mut self, graph: &Graph) {
        for value in graph.values() {
            let home = match graph[value].op {
                Op::Leaf(Leaf::Input(index)) => Storage::Input(index),
                Op::Leaf(Leaf::Target(index)) => Storage::Target(index),
                Op::Leaf(Leaf::OutputGradient(index)) => Storage::OutputGradient(index),
                Op::Leaf(Leaf::Parameter(index)) => Storage::Parameter(index),
                Op::Leaf(Leaf::State(index)) => Storage::State(index),
                Op::Kernel(ref kernel) => match kernel.downcast_ref::<CacheWrite>() {
                    Some(write) => Storage::State(write.state),
                    None => continue,
                },
                _ => continue,
            };
            self.homes.insert(value, home);
        }
    }
}
