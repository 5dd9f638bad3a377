//! Descriptions of reductions for loops over rows.

use crate::size::Size;

/// The way in which the elements of a row are reduced to one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// The square root of the sum of their squares.
    Norm,
    /// The largest of them.
    Max,
    /// The smallest of them.
    Min,
    /// The logarithm of the sum of their exponentials.
    LogSumExp,
}

/// A reduction of every row of a matrix to a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduction {
    /// The way in which a row is reduced.
    pub fold: Fold,
    /// Number of rows, per sample if the operand is batched.
    pub rows: Size,
    /// Number of elements of a row.
    pub len: Size,
}
