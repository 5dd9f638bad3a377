//! A linear layer's products: forward, and the gradients of its input, weight and bias.
//!
//! All are one matrix product over strided views ([`Product`]), or dot products where a result
//! has one column (`dot`), and call a copy that was compiled once for its instruction set
//! ([`Outline`]): constant sizes gain nothing there. Only the forward product of a layer of up to
//! a thousand weights is inlined into the code that calls it (`tiny`).

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use crate::kernels::Store;
use crate::scalar::Scalar;
use crate::simd::Simd;

mod blocks;
mod dot;
mod matrix;
mod outline;
mod pack;
mod product;
mod rows;
mod strip;
#[cfg(test)]
mod tests;
mod tiny;

pub use outline::Outline;
pub use product::{Product, Strided};
pub use rows::{Groups, Rows, groups};

/// y = x · weight + bias: `x` is `[rows, inputs]`, `weight` `[inputs, outputs]`, `bias`
/// `[outputs]`, `y` `[rows, outputs]`, all row-major.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "three sizes and four buffers are the operation")]
pub fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    inputs: usize,
    outputs: usize,
    x: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    y: &mut [T],
) {
    if tiny::is_tiny::<T, S>(inputs, outputs) {
        return tiny::forward(simd, rows, inputs, outputs, x, weight, bias, y);
    }
    simd.product(Product::forward([rows, inputs, outputs], x, weight, bias, y));
}

/// dx = dy · weightᵀ, or that added to `dx`: `dy` is `[rows, outputs]`, `weight`
/// `[inputs, outputs]`, `dx` `[rows, inputs]`, all row-major.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "three sizes and three buffers are the operation")]
pub fn input_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    inputs: usize,
    outputs: usize,
    dy: &[T],
    weight: &[T],
    dx: &mut [T],
    store: Store,
) {
    simd.product(Product::input_gradient([rows, inputs, outputs], dy, weight, dx, store));
}

/// dw = xᵀ · dy, or that added to `dw`: `x` is `[rows, inputs]`, `dy` `[rows, outputs]`, `dw`
/// `[inputs, outputs]`, all row-major.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "three sizes and three buffers are the operation")]
pub fn weight_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    inputs: usize,
    outputs: usize,
    x: &[T],
    dy: &[T],
    dw: &mut [T],
    store: Store,
) {
    simd.product(Product::weight_gradient([rows, inputs, outputs], x, dy, dw, store));
}

/// db = the sum of dy's rows, or that added to `db`: `dy` is `[rows, outputs]`, `db` `[outputs]`.
///
/// # Panics
/// When a slice's length is not that of its shape.
#[inline(always)]
pub fn bias_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    outputs: usize,
    dy: &[T],
    db: &mut [T],
    store: Store,
) {
    let one = T::ONE;
    simd.product(Product::bias_gradient([rows, outputs], &one, dy, db, store));
}
