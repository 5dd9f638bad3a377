//! Pooling and resizing of images `[channels, height, width]`, and their gradients. A signal
//! `[channels, length]` is an image of height 1.
//!
//! A window is a rectangle: its rows are combined first, along whole rows of the image, then its columns
//! (`row`). Sizes are values: each kernel is compiled with the library, once for each instruction set and
//! scalar.

use super::Store;
use super::pitch::{AsRows, AsRowsMut, Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

mod adaptive;
mod average;
pub(super) mod compiled;
mod description;
mod max;
mod resize;
mod row;
#[cfg(test)]
mod tests;

pub use adaptive::Adaptive;
pub use description::{Pool, ceil_windows};
pub use resize::Resize;

/// y = the maximum of each window of x: `x` is `[samples, channels, height, width]`, `y`
/// `[samples, channels, output height, output width]`. It is NaN if an element of the window is. Padding
/// does not count. Rows of `x` and `y`, a sample each, may have a pitch; `scratch` has at least
/// [`Pool::scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn max<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Pool,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
    scratch: &mut [T],
) {
    let (x, y) = rows(samples, pool.input_len(), x, pool.output_len(), y);
    simd.max_pool(pool, x, y, scratch);
}

/// dx = the gradient of [`max()`], or added to `dx`: of each window, the first element that is the maximum
/// gets `dy`. As in PyTorch, the last NaN gets it if there is one. `x` and `dx` are
/// `[samples, channels, height, width]`, `dy` has the shape of `y`.
///
/// The place of the maximum is looked for again: a network keeps `x` anyway, as the result of an activation,
/// and its memory is made of scalars, which cannot hold positions.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn max_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Pool,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (dy, dx) = rows(samples, pool.output_len(), dy, pool.input_len(), dx);
    simd.max_pool_gradient(pool, x.as_rows(samples, pool.input_len()), dy, dx, store);
}

/// y = the mean of each window of x, with the shapes of [`max()`]. `scratch` has at least [`Pool::scratch`]
/// scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn average<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Pool,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
    scratch: &mut [T],
) {
    let (x, y) = rows(samples, pool.input_len(), x, pool.output_len(), y);
    simd.average_pool(pool, x, y, scratch);
}

/// dx = the gradient of [`average()`], or added to `dx`. `scratch` has at least [`Pool::scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn average_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Pool,
    samples: usize,
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
    scratch: &mut [T],
) {
    let (dy, dx) = rows(samples, pool.output_len(), dy, pool.input_len(), dx);
    simd.average_pool_gradient(pool, dy, dx, store, scratch);
}

/// y = the means of the parts into which `pool` divides each image of `x`: `x` is
/// `[samples, channels, height, width]`, `y` `[samples, channels, output height, output width]`.
/// `scratch` has at least [`Adaptive::scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn adaptive_average<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Adaptive,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
    scratch: &mut [T],
) {
    let (x, y) = rows(samples, pool.input_len(), x, pool.output_len(), y);
    simd.adaptive_average_pool(pool, x, y, scratch);
}

/// dx = the gradient of [`adaptive_average`], or added to `dx`. `scratch` has at least
/// [`Adaptive::scratch`] scalars.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn adaptive_average_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    pool: &Adaptive,
    samples: usize,
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
    scratch: &mut [T],
) {
    let (dy, dx) = rows(samples, pool.output_len(), dy, pool.input_len(), dx);
    simd.adaptive_average_pool_gradient(pool, dy, dx, store, scratch);
}

/// y = x resized: `x` is `[samples, channels, height, width]`, `y`
/// `[samples, channels, output height, output width]`.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn resize<T: Scalar, S: Simd<T>>(
    simd: S,
    resize: &Resize,
    samples: usize,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, y) = rows(samples, resize.input_len(), x, resize.output_len(), y);
    simd.resize(resize, x, y);
}

/// dx = the gradient of [`resize()`], or added to `dx`.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn resize_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    resize: &Resize,
    samples: usize,
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (dy, dx) = rows(samples, resize.output_len(), dy, resize.input_len(), dx);
    simd.resize_gradient(resize, dy, dx, store);
}

/// Returns views of the samples of an operand and of a result.
#[inline(always)]
fn rows<'a, T: Scalar>(
    samples: usize,
    from_len: usize,
    from: &'a (impl AsRows<T> + ?Sized),
    to_len: usize,
    to: &'a mut (impl AsRowsMut<T> + ?Sized),
) -> (Rows<'a, T>, RowsMut<'a, T>) {
    (from.as_rows(samples, from_len), to.as_rows_mut(samples, to_len))
}
