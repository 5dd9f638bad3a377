//! Sums of many products: blocks of products are accumulated in `f64`, so that the error does not grow
//! with their number.

use super::{Axis, Shape};
use crate::kernels::Store;
use crate::kernels::dense::{Product, Sums, parts};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Number of products of a block, which are added in the scalar's own precision.
const BLOCK: usize = 64;
/// Number of scalars of a part of C, whose sums are accumulated together.
const PART: usize = 2048;

/// Computes one sum of products for each index along those `axes` that C has. `all` are all axes of the
/// contraction.
pub(super) fn repeat<T: Scalar, S: Simd<T>>(
    simd: S,
    axes: &[Axis],
    all: &[Axis],
    shape: Shape,
    (a, b, c): (&[T], &[T], &mut [T]),
    store: Store,
) {
    let Some((axis, inner)) = axes.split_first() else {
        return sum(simd, all, shape, (a, b, c), store);
    };
    let size = if axis.c == 0 { 1 } else { axis.size };
    for i in 0..size {
        let at = (&a[i * axis.a..], &b[i * axis.b..], &mut c[i * axis.c..]);
        repeat(simd, inner, all, shape, at, store);
    }
}

/// Computes the sum of the products along those `axes` that C does not have, one part of C at a time.
fn sum<T: Scalar, S: Simd<T>>(
    simd: S,
    axes: &[Axis],
    shape: Shape,
    (a, b, c): (&[T], &[T], &mut [T]),
    store: Store,
) {
    let added = || axes.iter().filter(|axis| axis.c == 0);
    let count: usize = added().map(|axis| axis.size).product();
    let Shape { rows, depth, columns, .. } = shape;
    for ((top, height), (left, width)) in parts(rows, columns, PART) {
        let mut sums = Sums::<T, PART>::new(height * width);
        for first in (0..count).step_by(BLOCK) {
            sums.add(|c| {
                for index in first..count.min(first + BLOCK) {
                    let (mut rest, mut a_at, mut b_at) =
                        (index, top * shape.a_row, left * shape.b_column);
                    for axis in added().rev() {
                        a_at += rest % axis.size * axis.a;
                        b_at += rest % axis.size * axis.b;
                        rest /= axis.size;
                    }
                    let (a, b) = (shape.a(&a[a_at..]), shape.b(&b[b_at..]));
                    let store = if index == first { Store::Set } else { Store::Add };
                    simd.product(Product::strided([height, depth, width], a, b, c, width, store));
                }
            });
        }
        sums.put(&mut c[top * shape.c_row + left..], width, shape.c_row, store);
    }
}
