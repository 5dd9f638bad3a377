//! Cross entropy of the logits of a linear layer, without the logits of all rows in memory.
//!
//! With 50,000 classes the logits are far larger than what they are computed from. They are computed some
//! rows at a time in a scratch buffer, which turns into their gradient in place, from which the gradients of
//! the layer are computed at once: three products, as many as with the logits in memory. (Blocks of classes
//! need a fourth one, since no gradient is known before the sum over all classes.)

pub(in crate::kernels) mod compiled;
#[cfg(test)]
mod tests;

use super::CrossEntropy;
use crate::kernels::Store;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The sizes of a linear layer whose outputs are logits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of rows of its input.
    pub rows: usize,
    /// Length of a row of its input.
    pub inputs: usize,
    /// Number of classes, the length of a row of its output.
    pub classes: usize,
    /// `true` if the weights are `[classes, inputs]`, as those of an embedding are, instead of
    /// `[inputs, classes]`.
    pub transposed: bool,
}

/// The operands of [`linear_cross_entropy`].
#[derive(Clone, Copy, Debug)]
pub struct Operands<'a, T> {
    /// The rows of the layer's input, `[rows, inputs]`.
    pub x: &'a [T],
    /// The weights.
    pub weight: &'a [T],
    /// The bias, `[classes]`.
    pub bias: Option<&'a [T]>,
    /// The class of each row.
    pub targets: &'a [u32],
    /// The options of the loss.
    pub options: &'a CrossEntropy<'a, T>,
}

/// The results of [`linear_cross_entropy`]. What is `None` is not computed.
#[derive(Debug)]
pub struct Results<'a, T> {
    /// The loss of each row; 0 if its target is ignored.
    pub losses: Option<&'a mut [T]>,
    /// 1 for each row whose largest logit is that of its target, else 0, with the options that tell
    /// which targets are ignored.
    pub right: Option<(&'a mut [T], &'a CrossEntropy<'a, T>)>,
    /// The gradients.
    pub gradients: Option<Gradients<'a, T>>,
}

/// The gradients of the operands, each with the way it is stored.
#[derive(Debug)]
pub struct Gradients<'a, T> {
    /// The gradient of the losses.
    pub scale: Scale<'a, T>,
    /// The gradient of `x`.
    pub x: Option<(&'a mut [T], Store)>,
    /// The gradient of the weights.
    pub weight: Option<(&'a mut [T], Store)>,
    /// The gradient of the bias.
    pub bias: Option<(&'a mut [T], Store)>,
}

/// The gradient of the losses.
#[derive(Clone, Copy, Debug)]
pub enum Scale<'a, T> {
    /// One number for all rows.
    All(T),
    /// A number for each row.
    Rows(&'a [T]),
}

/// Computes the [`cross_entropy`](super::cross_entropy()) of the logits x · weight + bias, and the gradients of
/// x, weight and bias. `scratch` has at least [`linear_scratch`] scalars for its number of classes.
///
/// # Panics
/// If a target is not a class, or a slice does not match its shape.
#[inline(always)]
pub fn linear_cross_entropy<T: Scalar, S: Simd<T>>(
    simd: S,
    head: &Head,
    operands: &Operands<'_, T>,
    results: Results<'_, T>,
    scratch: &mut [T],
) {
    simd.linear_cross_entropy(head, operands, results, scratch);
}

/// Number of scalars of logits that are in memory at a time: 12 MiB in `f32`.
const LOGITS: usize = 3 << 20;
/// Least number of rows at a time: with fewer, the products would take most of their time for reading
/// and writing weights and their gradients.
const LEAST_ROWS: usize = 32;
/// Largest number of rows at a time: the products gain nothing from more.
const MOST_ROWS: usize = 256;

/// Returns the number of scalars of scratch of [`linear_cross_entropy`] for a number of classes.
#[must_use]
pub const fn linear_scratch([classes]: [usize; 1]) -> usize {
    // of no classes, any number of rows has no logits
    let rows = LOGITS / if classes == 0 { 1 } else { classes };
    let rows = if rows < LEAST_ROWS {
        LEAST_ROWS
    } else if rows > MOST_ROWS {
        MOST_ROWS
    } else {
        rows
    };
    classes.saturating_mul(rows)
}
