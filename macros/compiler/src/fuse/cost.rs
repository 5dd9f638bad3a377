//! The cost model, with thresholds from measurements: see the chapter on performance in the book.

use crate::ir::Op;
use crate::ir::layout::Layout;
use crate::size::Size;

/// Evaluates a size with probable values of the const parameters.
pub type Estimate<'a> = &'a dyn Fn(&Size) -> f64;

/// Number of elements from which on it does not matter whether they fill the last vector.
const LONG_RUN: f64 = 192.0;
/// Number of elements of the shortest row whose loop becomes vectors: shorter ones become single
/// instructions.
const SHORTEST_VECTOR_ROW: f64 = 64.0;
/// Number of elements of the shortest row whose loop becomes vectors if there is no other row.
const SHORTEST_ROW_ALONE: f64 = 32.0;
/// Number of elements of the longest vector.
const LANES: f64 = 16.0;
/// Number of elements of a row from which on reading it once is faster than always filling the last
/// vector.
const CACHED_ROW: f64 = 512.0;

/// Number of classes from which on their logits are not stored.
const LARGE_HEAD: f64 = 1024.0;

/// Returns true if a cross entropy of this number of classes is computed together with the layer of its
/// logits, if it can be.
pub fn is_large_head(classes: &Size, estimate: Estimate<'_>) -> bool {
    estimate(classes) >= LARGE_HEAD
}

/// Returns true if a loop over a part of another value's memory is as fast as over memory of its
/// own. Over rows of 12 it takes up to five times as long as a copy and a loop over the copy.
pub fn is_loop_over_part(layout: &Layout, estimate: Estimate<'_>) -> bool {
    let run = estimate(&layout.run());
    run >= LONG_RUN || (run >= SHORTEST_VECTOR_ROW && run % LANES == 0.0)
}

/// Returns true if a loop over a part that is one row, in a step of a stream, is as fast as over memory of
/// its own. A step of a GRU 8 wide takes 142 ns with the parts of its gates in place, and 102 with copies.
pub fn is_loop_over_one_row(layout: &Layout, estimate: Estimate<'_>) -> bool {
    estimate(&layout.run()) >= SHORTEST_ROW_ALONE
}

/// Returns true if a loop over rows of this length, which stores the results of `operations` for
/// each element, is as fast as a loop for each reduction and for the operations between. Operations
/// that take long for an element are left to loops over all elements, which always fill vectors.
pub fn is_loop_over_rows<'a>(
    len: &Size,
    mut operations: impl Iterator<Item = &'a Op>,
    estimate: Estimate<'_>,
) -> bool {
    !operations.any(Op::takes_long) || estimate(len) >= CACHED_ROW
}
