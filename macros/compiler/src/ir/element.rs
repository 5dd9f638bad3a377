//! The element of a sequence that an iteration of a loop reads.

use super::kernel::{Movement, Slice};
use super::{Graph, Value};
use crate::size::Size;

impl Graph {
    /// Returns the element of `sequence` (an index of its first axis) that the current iteration
    /// reads.
    pub fn element(&mut self, sequence: Value) -> Value {
        let start = self.region.map_or_else(Size::default, |region| self[region].iteration());
        let shape = self.shape(sequence)[1..].to_vec();
        let slice = Slice { axis: 0, start, len: Size::one() };
        let element = self.kernel(slice, vec![sequence]);
        self.view(element, shape)
    }

    /// Returns the sequence of which `value` is the element that the current iteration reads, if it
    /// is one: a slice of length 1, at the iteration number, of a value from outside of the loop
    /// that is as long as the loop.
    #[must_use]
    pub fn sequence_of(&self, value: Value) -> Option<Value> {
        let node = &self[value];
        let region = node.region?;
        let Some(Movement::Slice(Slice { axis: 0, start, len })) = self.movement(value) else {
            return None;
        };
        let sequence = node.operands[0];
        let (iteration, count) = self.course(region);
        let is_element = *start == iteration && *len == Size::one();
        let is_whole = self.shape(sequence)[0] == count;
        let before = !self.is_within(self[sequence].region, Some(region));
        (is_element && is_whole && before).then_some(sequence)
    }
}
