//! Plays a product and the loop over its result: the first rows of both, then the others.

use super::{Place, Player, Result, count};
use monograd_compiler::fuse::{Step, row_lengths};
use monograd_compiler::ir::Value;

impl Player<'_> {
    /// Both halves of the rows.
    pub(super) fn epilogue(&mut self, product: &Step, then: &Step) -> Result {
        let lengths = row_lengths(&self.pass.graph, product, then);
        let lengths = lengths.ok_or("rows that cannot be cut")?;
        for second in [false, true] {
            let half = |value: Value, place: Place| {
                let Some(len) = lengths.get(&value).map(count) else { return place };
                let range = place.range;
                let middle = range.start + range.len() / len / 2 * len;
                let range = if second { middle..range.end } else { range.start..middle };
                Place { range, ..place }
            };
            self.step(product, &half)?;
            self.step(then, &half)?;
        }
        // what the loop has not written over is whole again
        for value in product.writes.iter().chain(&then.writes) {
            if let Ok(place) = self.find(*value) {
                let moment = self.moment(*value)?;
                self.put(place, moment)?;
            }
        }
        Ok(())
    }
}
