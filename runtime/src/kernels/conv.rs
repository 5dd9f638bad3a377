//! Convolutions of images `[channels, height, width]`, and their gradients. One of a signal
//! `[channels, length]` is one of an image of height 1.
//!
//! A convolution is a matrix product whose left side is read through a table of offsets (`tile`):
//! the element of a position and of a tap is at the sum of the two's offsets in the image. So no
//! matrix of patches is written. What a product reads is a chunk of the image, copied with its
//! padding (`window`). The input gradient is such a product for each phase of the stride (`axis`), the
//! weight gradient one whose sums go over the positions (`weight`).
//!
//! Sizes are values: each kernel is compiled with the library, once for each instruction set and scalar.

use super::Store;
use super::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

mod axis;
mod bias;
mod chunk;
pub(super) mod compiled;
mod correlate;
mod description;
mod dots;
mod few;
mod lanes;
mod pack;
mod pointwise;
mod strips;
#[cfg(test)]
mod tests;
mod tile;
mod weight;
mod window;

pub use description::Conv;

/// y = the convolution of x with weight, plus bias: `x` is `[samples, channels, height, width]`, `weight`
/// `[outputs, channels / groups, kernel height, kernel width]`, `bias` `[outputs]`, `y`
/// `[samples, outputs, output height, output width]`. As in PyTorch, the kernel is not flipped.
///
/// The rows of `x` and `y`, a sample each, may have a pitch. `scratch` has at least
/// [`Conv::forward_scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    weight: &[T],
    bias: Option<&[T]>,
    y: &mut (impl AsRowsMut<T> + ?Sized),
    scratch: &mut [T],
) {
    let x = x.as_rows(samples, conv.input_len());
    let y = y.as_rows_mut(samples, conv.output_len());
    simd.convolution(conv, x, weight, bias, y, scratch);
}

/// dx = the gradient of [`forward`]'s `x`, or added to `dx`: `dy` has the shape of `y`, `dx` that of `x`.
/// `scratch` has at least [`Conv::input_gradient_scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub fn input_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    samples: usize,
    dy: &(impl AsRows<T> + ?Sized),
    weight: &[T],
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
    scratch: &mut [T],
) {
    let dy = dy.as_rows(samples, conv.output_len());
    let dx = dx.as_rows_mut(samples, conv.input_len());
    simd.convolution_input_gradient(conv, dy, weight, None, dx, store, scratch);
}

/// dw = the gradient of [`forward`]'s `weight`, or added to `dw`, which has the shape of `weight`.
/// `scratch` has at least [`Conv::weight_gradient_scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub fn weight_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dw: &mut [T],
    store: Store,
    scratch: &mut [T],
) {
    let x = x.as_rows(samples, conv.input_len());
    let dy = dy.as_rows(samples, conv.output_len());
    simd.convolution_weight_gradient(conv, x, dy, dw, store, scratch);
}

/// db = the gradient of a bias that was added to each channel, or added to `db`: the sums of
/// `dy[samples, channels, positions]` over samples and positions. `db` is `[channels]`.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn bias_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    samples: usize,
    positions: usize,
    dy: &(impl AsRows<T> + ?Sized),
    db: &mut [T],
    store: Store,
) {
    simd.channel_sums(positions, dy.as_rows(samples, db.len() * positions), db, store);
}

/// y = the transposed convolution of x with weight, plus bias, for a `conv` made by
/// [`Conv::transposed`]: `x` is `[samples, conv.outputs, conv.output_size()]`, `weight`
/// `[conv.outputs, conv.channels / groups, kernel height, kernel width]`, `bias` `[conv.channels]`, `y`
/// `[samples, conv.channels, conv.size]`. This is the order of PyTorch's `ConvTranspose2d`.
///
/// The gradient of `x` is [`forward`] of `dy`, that of `weight` is [`weight_gradient`] with `dy` as
/// its `x` and `x` as its `dy`. `scratch` has at least [`Conv::input_gradient_scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub fn transposed<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    weight: &[T],
    bias: Option<&[T]>,
    y: &mut (impl AsRowsMut<T> + ?Sized),
    scratch: &mut [T],
) {
    let x = x.as_rows(samples, conv.output_len());
    let y = y.as_rows_mut(samples, conv.input_len());
    simd.convolution_input_gradient(conv, x, weight, bias, y, Store::Set, scratch);
}

/// Returns the number of scalars of scratch of [`forward`] for the sizes of [`Conv::of`].
#[must_use]
pub const fn forward_scratch(sizes: [usize; 15]) -> usize {
    Conv::of(sizes).forward_scratch()
}

/// Returns the number of scalars of scratch of [`input_gradient`] for the sizes of [`Conv::of`].
#[must_use]
pub const fn input_gradient_scratch(sizes: [usize; 15]) -> usize {
    Conv::of(sizes).input_gradient_scratch()
}

/// Returns the number of scalars of scratch of [`weight_gradient`] for the sizes of [`Conv::of`].
#[must_use]
pub const fn weight_gradient_scratch(sizes: [usize; 15]) -> usize {
    Conv::of(sizes).weight_gradient_scratch()
}
