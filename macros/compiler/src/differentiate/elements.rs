//! Gradients of sequences that a loop goes along: each iteration gives the gradient of its element;
//! after the loop these are collected.

use super::Reverse;
use crate::ir::Value;
use crate::ir::loops::Region;

impl Reverse<'_> {
    /// Returns true if a value is the current iteration's element of a sequence.
    pub(super) fn is_element(&self, value: Value) -> bool {
        self.graph.sequence_of(value).is_some()
    }

    /// Adds to the gradient of the current iteration's element.
    pub(super) fn add_element(&mut self, element: Value, gradient: Value) {
        let node = &self.graph[element];
        let (Some(region), sequence) = (node.region, node.operands[0]) else { return };
        if !self.needs_grad[sequence.0] {
            return;
        }
        let key = (region, sequence);
        let sum = match self.elements.get(&key) {
            Some(others) => self.sum(*others, gradient),
            None => gradient,
        };
        self.elements.insert(key, sum);
    }

    /// Takes the gradients of the current iteration's elements, by sequence, once the body of a
    /// loop has been differentiated.
    pub(super) fn close_elements(&mut self, forward: Region) -> Vec<(Value, Value)> {
        let mut keys: Vec<_> =
            self.elements.keys().copied().filter(|(region, _)| *region == forward).collect();
        keys.sort();
        let element = |key: (Region, Value)| {
            let gradient = self.elements.remove(&key)?;
            let shape = self.graph.shape(key.1)[1..].to_vec();
            let gradient = self.graph.view(gradient, shape);
            Some((key.1, self.graph.materialize(gradient)))
        };
        keys.into_iter().filter_map(element).collect()
    }
}
