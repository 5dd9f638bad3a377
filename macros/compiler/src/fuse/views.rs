//! Slices that are read in place: one that every reader finds in the whole by strides, and reads
//! there as fast, is not copied out of it.

use super::cost::{Estimate, is_loop_over_one_row, is_loop_over_part};
use super::readers::Readers;
use crate::ir::kernel::Movement;
use crate::ir::{Graph, Leaf, Op, Root, Value};

/// Turns the slices that need no copy into windows.
pub fn open(graph: &mut Graph, roots: &[Root], estimate: Estimate<'_>) {
    let one_sample = roots.iter().any(|root| matches!(root, Root::State { .. }));
    let views = Views { readers: Readers::new(graph, roots), estimate, one_sample };
    // from the last: the readers of a slice of a slice are asked about both together
    for value in graph.values().rev() {
        let Some(Movement::Slice(slice)) = graph.movement(value) else { continue };
        let slice = slice.clone();
        // a stream's state changes when it is stored
        if matches!(graph[graph.base(graph[value].operands[0])].op, Op::Leaf(Leaf::State(_))) {
            continue;
        }
        let copy = std::mem::replace(graph.op_mut(value), Op::Window(slice));
        if !views.can_read(graph, value) {
            *graph.op_mut(value) = copy;
        }
    }
}

/// The slices that can be read in place.
struct Views<'a> {
    readers: Readers,
    estimate: Estimate<'a>,
    /// `true` if there is one sample: this is a step of a stream.
    one_sample: bool,
}

impl Views<'_> {
    /// Returns true if all readers can read a value in place.
    fn can_read(&self, graph: &Graph, value: Value) -> bool {
        let Some(layout) = graph.layout(value) else { return false };
        // another iteration and the caller take a copy
        !self.readers.ends(value)
            && self.readers.operations(value).iter().all(|(reader, index)| {
                match &graph[*reader].op {
                    Op::View | Op::Window(_) => self.can_read(graph, *reader),
                    Op::Scalar(_) => {
                        let is_one_row = self.one_sample && layout.run() == graph.ty(value).len();
                        is_one_row && is_loop_over_one_row(&layout, self.estimate)
                            || is_loop_over_part(&layout, self.estimate)
                    }
                    Op::Kernel(kernel) => kernel.reads(*index, &layout),
                    Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Collect(_) | Op::Stack => false,
                }
            })
    }
}
