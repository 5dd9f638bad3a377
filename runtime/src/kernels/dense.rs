//! The matrix products of a linear layer: forward, and the gradients of its input, weight and bias.
//!
//! All are one matrix product over strided views ([`Product`]), or dot products where a result
//! has one column (`dot`), and call a copy that was compiled once for its instruction set
//! (`Outline`): constant sizes gain nothing there. Only the forward product of a layer of up to
//! a thousand weights is inlined into the code that calls it (`tiny`).

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use crate::kernels::Store;
use crate::kernels::pitch::{AsRows, AsRowsMut};
use crate::kernels::reduce::columns;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

mod blocks;
mod dot;
mod long;
mod matrix;
mod pack;
mod product;
mod rows;
mod strip;
mod sweep;
#[cfg(test)]
mod tests;
mod tiny;
mod vector;

use matrix::Matrix;

pub(super) use long::{Sums, parts};
pub use product::{Product, Strided};
pub use rows::{Group, Groups, groups, groups_of};
pub(super) use strip::tallest;

/// The sizes of a linear layer's products.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Number of rows of the layer's input and output.
    pub rows: usize,
    /// Length of a row of the input.
    pub inputs: usize,
    /// Length of a row of the output.
    pub outputs: usize,
}

/// y = x · weight + bias: `x` is `[rows, inputs]`, `weight` `[inputs, outputs]`, `bias` `[outputs]`,
/// `y` `[rows, outputs]`, all row-major. Except for the bias, rows may have a pitch, that is,
/// a stride that is larger than their length.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    Shape { rows, inputs, outputs }: Shape,
    x: &(impl AsRows<T> + ?Sized),
    weight: &(impl AsRows<T> + ?Sized),
    bias: Option<&[T]>,
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, y) = (x.as_rows(rows, inputs), y.as_rows_mut(rows, outputs));
    let weight = weight.as_rows(inputs, outputs);
    let bias = bias.map(|bias| bias.as_rows(1, outputs));
    if tiny::is_tiny::<T, S>(inputs, outputs) {
        return tiny::forward(simd, x, weight, bias, y);
    }
    simd.product(Product::forward(x, weight.into(), bias, y));
}

/// Computes the product of row-major matrices, `[rows, inner]` and `[inner, columns]`, outside of a network.
///
/// # Panics
/// If a slice does not match its sizes.
pub(crate) fn matrix_product<T: Scalar>(
    [rows, inner, columns]: [usize; 3],
    a: &[T],
    b: &[T],
    product: &mut [T],
) {
    struct Whole<'a, T>(Product<'a, T>);
    impl<T: Scalar> Vectorize<T> for Whole<'_, T> {
        type Output = ();

        #[inline(always)]
        fn run<S: Simd<T>>(self, simd: S) {
            simd.product(self.0);
        }
    }
    let (a, b) = (a.as_rows(rows, inner), b.as_rows(inner, columns));
    let product = product.as_rows_mut(rows, columns);
    let set = InstructionSet::detect();
    T::vectorize(set, Whole(Product::forward(a, b.into(), None, product)));
}

/// Like [`forward`] with the transposed weights, `[outputs, inputs]`: y = x · weightᵀ + bias. All rows are
/// contiguous.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub(super) fn forward_transposed<T: Scalar, S: Simd<T>>(
    simd: S,
    Shape { rows, inputs, outputs }: Shape,
    x: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    y: &mut [T],
) {
    let (x, y) = (x.as_rows(rows, inputs), y.as_rows_mut(rows, outputs));
    let weight = Matrix::from(weight.as_rows(outputs, inputs)).transposed();
    let bias = bias.map(|bias| bias.as_rows(1, outputs));
    simd.product(Product::forward(x, weight, bias, y));
}

/// dx = dy · weightᵀ, or added to `dx`: `dy` is `[rows, outputs]`, `weight` `[inputs, outputs]`, `dx`
/// `[rows, inputs]`, all row-major. Rows may have a pitch.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn input_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Shape { rows, inputs, outputs }: Shape,
    dy: &(impl AsRows<T> + ?Sized),
    weight: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (dy, dx) = (dy.as_rows(rows, outputs), dx.as_rows_mut(rows, inputs));
    let weight = weight.as_rows(inputs, outputs);
    simd.product(Product::input_gradient(dy, weight, dx, store));
}

/// dw = xᵀ · dy, or added to `dw`: `x` is `[rows, inputs]`, `dy` `[rows, outputs]`, `dw`
/// `[inputs, outputs]`, all row-major. Rows of `x` and `dy` may have a pitch.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn weight_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    Shape { rows, inputs, outputs }: Shape,
    x: &(impl AsRows<T> + ?Sized),
    dy: &(impl AsRows<T> + ?Sized),
    dw: &mut [T],
    store: Store,
) {
    let (x, dy) = (x.as_rows(rows, inputs), dy.as_rows(rows, outputs));
    simd.product(Product::weight_gradient(x, dy, dw, store));
}

/// db = the sum of the rows of dy, or added to `db`: `dy` is `[rows, outputs]`, whose rows may have a
/// pitch, `db` is `[outputs]`.
///
/// # Panics
/// If a slice does not match its shape.
#[inline(always)]
pub fn bias_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    rows: usize,
    outputs: usize,
    dy: &(impl AsRows<T> + ?Sized),
    db: &mut [T],
    store: Store,
) {
    let (one, dy) = (T::ONE, dy.as_rows(rows, outputs));
    if rows > columns::ROW_BLOCK {
        assert_eq!(db.len(), outputs);
        return simd.sum_columns(dy, db, store);
    }
    simd.product(Product::bias_gradient(&one, dy, db, store));
}
