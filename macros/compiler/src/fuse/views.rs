//! Slices that are read in place: one that every reader finds in the whole by strides, and reads
//! there as fast, is not copied out of it.

use super::cost::{Estimate, is_loop_over_one_row, is_loop_over_part};
use super::loops::alive;
use crate::ir::kernel::Movement;
use crate::ir::{Graph, Leaf, Op, Root, Value};

/// Turns the slices that need no copy into windows.
pub fn open(graph: &mut Graph, roots: &[Root], estimate: Estimate<'_>) {
    let readers = Readers::new(graph, roots, estimate);
    // from the last: the readers of a slice of a slice are asked about both together
    for value in graph.values().rev() {
        let Some(Movement::Slice(slice)) = graph.movement(value) else { continue };
        let slice = slice.clone();
        // a stream's state changes when it is stored
        if matches!(graph[graph.base(graph[value].operands[0])].op, Op::Leaf(Leaf::State(_))) {
            continue;
        }
        let copy = std::mem::replace(graph.op_mut(value), Op::Window(slice));
        if !readers.can_read(graph, value) {
            *graph.op_mut(value) = copy;
        }
    }
}

/// The readers of every value.
struct Readers<'a> {
    estimate: Estimate<'a>,
    /// The operations that read each value, with the index of the operand.
    operations: Vec<Vec<(Value, usize)>>,
    /// For each value, `true` if it goes to another iteration or out of the function, which takes a
    /// copy.
    ends: Vec<bool>,
    /// `true` if there is one sample: this is a step of a stream.
    one_sample: bool,
}

impl<'a> Readers<'a> {
    fn new(graph: &Graph, roots: &[Root], estimate: Estimate<'a>) -> Self {
        let (alive, count) = (alive(graph, roots), graph.values().count());
        let (operations, ends) = (vec![Vec::new(); count], vec![false; count]);
        let one_sample = roots.iter().any(|root| matches!(root, Root::State { .. }));
        let mut readers = Self { estimate, operations, ends, one_sample };
        for value in graph.values().filter(|value| alive[value.0]) {
            for (index, operand) in graph[value].operands.iter().enumerate() {
                readers.operations[operand.0].push((value, index));
            }
        }
        let goes_on = graph.regions().flat_map(|region| &graph[region].carried);
        let goes_on = goes_on.map(|carried| carried.next);
        for end in goes_on.chain(roots.iter().map(Root::value)) {
            readers.ends[end.0] = true;
        }
        readers
    }

    /// Returns true if all readers can read a value in place.
    fn can_read(&self, graph: &Graph, value: Value) -> bool {
        let Some(layout) = graph.layout(value) else { return false };
        !self.ends[value.0]
            && self.operations[value.0].iter().all(|(reader, index)| match &graph[*reader].op {
                Op::View | Op::Window(_) => self.can_read(graph, *reader),
                Op::Scalar(_) => {
                    let is_one_row = self.one_sample && layout.run() == graph.ty(value).len();
                    is_one_row && is_loop_over_one_row(&layout, self.estimate)
                        || is_loop_over_part(&layout, self.estimate)
                }
                Op::Kernel(kernel) => kernel.reads(*index, &layout),
                Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Collect(_) | Op::Stack => false,
            })
    }
}
