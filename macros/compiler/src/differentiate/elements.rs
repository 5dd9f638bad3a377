//! The gradient of a sequence that a loop goes along: what every iteration gives to its element, put
//! together after the loop.

use super::Reverse;
use crate::ir::Value;
use crate::ir::loops::Region;

impl Reverse<'_> {
    /// Whether a value is the iteration's element of a sequence.
    pub(super) fn is_element(&self, value: Value) -> bool {
        self.graph.sequence_of(value).is_some()
    }

    /// Adds to the gradient of an iteration's element.
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

    /// The gradients of the present iteration's elements, by sequence, where a loop has been gone
    /// through.
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
