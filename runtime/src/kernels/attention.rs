//! Scaled dot-product attention without a matrix of all pairs of positions (Dao et al. 2022, arXiv
//! 2205.14135), and its gradients.
//!
//! The scores of a block of queries and a block of keys are a small matrix product, and so is their
//! product with the values. The softmax of a row is put together from its blocks: the largest score
//! and the sum so far are kept, and the result so far is scaled when a later block has a larger score
//! (Milakov and Gimelshein 2018, arXiv 1805.02867). The forward pass keeps the logarithm of each sum, from
//! which the backward pass computes the weights of each block again. Blocks that a mask by position
//! leaves nothing of are skipped.
//!
//! Sizes are values: each kernel is compiled with the library, once for each instruction set and scalar.

use crate::scalar::Scalar;
use crate::simd::Simd;

mod backward;
mod description;
mod forward;
mod keys;
mod operands;
mod rows;
mod scores;
#[cfg(test)]
mod tests;

pub(in crate::kernels) use backward::backward as compiled_backward;
pub use description::{Attention, Dropout, backward_scratch, forward_scratch};
pub(in crate::kernels) use forward::forward as compiled_forward;
pub use operands::{Gradients, Heads, HeadsMut, Mask, Operands};

/// y = the attention of each query to all keys that it may see: the mean of the values, weighted by the
/// softmax of the scores. A query that sees no key gets zeros.
///
/// `logs` `[samples, heads, queries]` gets the logarithm of the sum of each query's exponentials, which
/// `backward` takes. `scratch` has at least `forward_scratch` scalars.
///
/// # Panics
/// If a slice does not match the sizes.
#[inline(always)]
pub fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    y: HeadsMut<'_, T>,
    logs: &mut [T],
    scratch: &mut [T],
) {
    simd.attention(attention, operands, y, logs, scratch);
}

/// The gradients of `forward`'s operands, which are overwritten, from those operands, its results `y`
/// and `logs`, and the gradient `dy`. `scratch` has at least [`backward_scratch`] scalars.
///
/// # Panics
/// If a slice does not match the sizes.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub fn backward<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    y: Heads<'_, T>,
    logs: &[T],
    dy: Heads<'_, T>,
    gradients: Gradients<'_, T>,
    scratch: &mut [T],
) {
    simd.attention_backward(attention, operands, y, logs, dy, gradients, scratch);
}
