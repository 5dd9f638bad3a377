//! What pays, as measured: see the chapter on performance in the book.

use crate::ir::Op;
use crate::ir::layout::Layout;
use crate::size::Size;

/// Gives const parameters their probable values.
pub type Estimate<'a> = &'a dyn Fn(&Size) -> f64;

/// Elements from which it does not matter whether they fill vectors to the last.
const LONG: f64 = 192.0;
/// Elements of the shortest row whose loop becomes vectors: shorter ones become single instructions.
const VECTORS: f64 = 64.0;
/// Elements of the longest vector.
const LANES: f64 = 16.0;
/// Elements of a row from which it is better read once than computed in vectors to the last.
const ROW: f64 = 512.0;

/// Whether a loop goes along a part of another's memory as fast as along memory of its own. Along
/// rows of 12 it takes up to five times as long as a copy and a loop over that.
pub fn is_loop_over_part(layout: &Layout, estimate: Estimate<'_>) -> bool {
    let run = estimate(&layout.run());
    run >= LONG || (run >= VECTORS && run % LANES == 0.0)
}

/// Whether a loop over rows of this length, which stores the results of `operations` for each
/// element, is as fast as a loop for each reduction and for what is between. What takes long for
/// an element is left to loops over all elements, where it always fills vectors.
pub fn is_loop_over_rows<'a>(
    len: &Size,
    mut operations: impl Iterator<Item = &'a Op>,
    estimate: Estimate<'_>,
) -> bool {
    !operations.any(Op::takes_long) || estimate(len) >= ROW
}
