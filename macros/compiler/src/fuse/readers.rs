//! The readers of every value that the roots of a graph need.

use super::loops::alive;
use crate::ir::{Graph, Root, Value};

/// The readers of every value that the roots need.
pub struct Readers {
    /// The operations that read each value, with the index of the operand.
    operations: Vec<Vec<(Value, usize)>>,
    /// For each value, `true` if it goes to another iteration or out of the function.
    ends: Vec<bool>,
}

impl Readers {
    /// Finds the readers.
    pub fn new(graph: &Graph, roots: &[Root]) -> Self {
        let (alive, count) = (alive(graph, roots), graph.values().count());
        let mut readers = Self { operations: vec![Vec::new(); count], ends: vec![false; count] };
        for value in graph.values().filter(|value| alive[value.0]) {
            for (index, operand) in graph[value].operands.iter().enumerate() {
                readers.operations[operand.0].push((value, index));
            }
        }
        let carried = graph.regions().flat_map(|region| &graph[region].carried);
        let carried = carried.map(|carried| carried.next);
        for end in carried.chain(roots.iter().map(Root::value)) {
            readers.ends[end.0] = true;
        }
        readers
    }

    /// Returns the operations that read `value`, with the index of the operand.
    pub fn operations(&self, value: Value) -> &[(Value, usize)] {
        &self.operations[value.0]
    }

    /// Returns true if `value` goes to another iteration or out of the function.
    pub fn ends(&self, value: Value) -> bool {
        self.ends[value.0]
    }
}
