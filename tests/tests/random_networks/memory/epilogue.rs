//! Simulates a product and the loop over its result: the first half of both, then the second.

use super::{Place, Player, Result, count};
use monograd_compiler::fuse::{Step, pieces};
use monograd_compiler::ir::Value;

impl Player<'_> {
    /// Simulates both halves.
    pub(super) fn epilogue(&mut self, product: &Step, then: &Step) -> Result {
        let location = |value: Value| self.pass.plan.location(&self.pass.graph, value);
        let pieces = pieces(&self.pass.graph, product, then, &location);
        let lengths = pieces.ok_or("pieces that cannot be cut")?.lengths;
        for second in [false, true] {
            let half = |value: Value, place: Place| {
                let Some(len) = lengths.get(&self.pass.plan.whole(value)).map(count) else {
                    return place;
                };
                let range = place.range;
                let middle = range.start + range.len() / len / 2 * len;
                let range = if second { middle..range.end } else { range.start..middle };
                Place { range, ..place }
            };
            self.step(product, &half)?;
            self.step(then, &half)?;
        }
        // values that the loop has not overwritten are complete again
        for value in product.writes.iter().chain(&then.writes) {
            if let Ok(place) = self.find(*value) {
                let moment = self.moment(*value)?;
                self.put(place, moment)?;
            }
        }
        Ok(())
    }
}
