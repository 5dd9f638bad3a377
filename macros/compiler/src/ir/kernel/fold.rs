//! What loops over rows need to know of a reduction.

use crate::size::Size;

/// How the elements of a row become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// The root of the sum of their squares.
    Norm,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The logarithm of the sum of their exponentials.
    LogSumExp,
}

/// A reduction of every row of a matrix to a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduction {
    /// What is made of a row.
    pub fold: Fold,
    /// Rows, of one sample where the operand is batched.
    pub rows: Size,
    /// Elements of a row.
    pub len: Size,
}
