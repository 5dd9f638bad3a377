//! A linear layer's products: forward, and the gradients of its input, weight and bias.
//!
//! All are one matrix product over strided views ([`Product`]), or dot products where a result
//! has one column ([`dot`]). A small product is inlined into the code that calls it, so that sizes
//! which are constants there are constants here; a large one gains nothing from constants and
//! calls the copy that was compiled once for its instruction set ([`Outline`]).

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
mod strip;
#[cfg(test)]
mod tests;

pub use outline::Outline;
pub use product::Product;

/// Weights up to which a product is inlined into its caller.
const INLINE_WEIGHTS: usize = 0;

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
    let product = Product::forward([rows, inputs, outputs], x, weight, bias, y);
    run(simd, inputs * outputs, product);
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
    let product = Product::input_gradient([rows, inputs, outputs], dy, weight, dx, store);
    run(simd, inputs * outputs, product);
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
    let product = Product::weight_gradient([rows, inputs, outputs], x, dy, dw, store);
    run(simd, inputs * outputs, product);
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
    run(simd, outputs, Product::bias_gradient([rows, outputs], &one, dy, db, store));
}

/// Computes a product in the caller or in the outlined copy.
#[inline(always)]
fn run<T: Scalar, S: Simd<T>>(simd: S, weights: usize, product: Product<'_, T>) {
    // Without optimisation the caller would be compiled without it, too.
    if weights <= INLINE_WEIGHTS && !cfg!(debug_assertions) {
        product.run_inline(simd);
    } else {
        simd.product(product);
    }
}
