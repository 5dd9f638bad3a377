//! Batched matrix products with strided operands: attention scores, a product with the same weights
//! for each sample, and the gradients of both.
//!
//! Operands are read in place through strides: a transposed one is never copied.

use super::Store;
use super::dense::{Product, Strided};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// An axis over which the product is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Number of products.
    pub size: usize,
    /// The stride in A, in scalars; 0 if all products use the same matrix.
    pub a: usize,
    /// The stride in B.
    pub b: usize,
    /// The stride in C. Products with the same place in C are added.
    pub c: usize,
}

/// The shape of one product C = A · B of strided matrices.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Number of rows of C.
    pub rows: usize,
    /// The length of the sums.
    pub depth: usize,
    /// Number of columns of C.
    pub columns: usize,
    /// The stride of A between rows.
    pub a_row: usize,
    /// The stride of A between columns.
    pub a_column: usize,
    /// The stride of B between rows.
    pub b_row: usize,
    /// The stride of B between columns.
    pub b_column: usize,
    /// The stride of C between rows; a row is contiguous.
    pub c_row: usize,
}

impl Shape {
    /// Returns A, from its first element on.
    fn a<T>(self, data: &[T]) -> Strided<'_, T> {
        Strided { data, strides: [self.a_row, self.a_column] }
    }

    /// Returns B.
    fn b<T>(self, data: &[T]) -> Strided<'_, T> {
        Strided { data, strides: [self.b_row, self.b_column] }
    }
}

/// Computes one product of `shape` for each index of `axes`. With [`Store::Add`] it adds to C.
///
/// # Panics
/// If a product exceeds its slice.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "axes, a shape and three buffers are the operation")]
pub fn contract<T: Scalar, S: Simd<T>>(
    simd: S,
    axes: &[Axis],
    shape: Shape,
    a: &[T],
    b: &[T],
    c: &mut [T],
    store: Store,
) {
    simd.contract(axes, shape, a, b, c, store);
}

/// [`contract`] as it is compiled with the library.
#[allow(clippy::too_many_arguments, reason = "axes, a shape and three buffers are the operation")]
pub(super) fn run<T: Scalar, S: Simd<T>>(
    simd: S,
    axes: &[Axis],
    shape: Shape,
    a: &[T],
    b: &[T],
    c: &mut [T],
    store: Store,
) {
    let added = axes.iter().filter(|axis| axis.c == 0).map(|axis| axis.size);
    if added.product::<usize>() > MANY && T::BYTES < size_of::<f64>() {
        return sum::repeat(simd, axes, axes, shape, (a, b, c), store);
    }
    repeat(simd, axes, shape, (a, b, c), store);
}

/// Largest number of products with the same place in C that are added in the scalar's precision.
const MANY: usize = 64;

/// Computes the products by recursion over the axes. It is not inlined: there is one copy for each
/// instruction set and scalar.
fn repeat<T: Scalar, S: Simd<T>>(
    simd: S,
    axes: &[Axis],
    shape: Shape,
    (a, b, c): (&[T], &[T], &mut [T]),
    store: Store,
) {
    let Some((axis, inner)) = axes.split_first() else {
        let (sizes, a, b) = ([shape.rows, shape.depth, shape.columns], shape.a(a), shape.b(b));
        return simd.product(Product::strided(sizes, a, b, c, shape.c_row, store));
    };
    for i in 0..axis.size {
        let parts = (&a[i * axis.a..], &b[i * axis.b..], &mut c[i * axis.c..]);
        let store = if axis.c == 0 && i > 0 { Store::Add } else { store };
        repeat(simd, inner, shape, parts, store);
    }
}

mod sum;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{InstructionSet, Vectorize};

    const SIZES: [usize; 4] = [1, 7, 17, 33];

    fn numbers(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|i| ((i + seed * 31) * 7919 % 1009) as f32 / 504.5 - 1.0).collect()
    }

    fn axis(size: usize, [a, b, c]: [usize; 3]) -> Axis {
        Axis { size, a, b, c }
    }

    fn product(sizes: [usize; 3], a: [usize; 2], b: [usize; 2], c_row: usize) -> Shape {
        let ([rows, depth, columns], [a_row, a_column], [b_row, b_column]) = (sizes, a, b);
        Shape { rows, depth, columns, a_row, a_column, b_row, b_column, c_row }
    }

    struct Run<'a> {
        axes: &'a [Axis],
        shape: Shape,
        a: &'a [f32],
        b: &'a [f32],
        c: &'a mut [f32],
        store: Store,
    }

    impl Vectorize<f32> for Run<'_> {
        type Output = ();
        fn run<S: Simd<f32>>(self, simd: S) {
            contract(simd, self.axes, self.shape, self.a, self.b, self.c, self.store);
        }
    }

    /// Compares with plain loops, on every instruction set.
    fn check(axes: &[Axis], shape: Shape, lens: [usize; 3]) {
        let Shape { rows: m, depth: k, columns: n, .. } = shape;
        let (a, b, before) = (numbers(lens[0], 1), numbers(lens[1], 2), numbers(lens[2], 3));
        for store in [Store::Set, Store::Add] {
            let mut expected: Vec<f64> = before.iter().map(|x| f64::from(*x)).collect();
            let mut seen = vec![store == Store::Add; lens[2]];
            let count: usize = axes.iter().map(|axis| axis.size).product();
            for index in 0..count {
                let (mut rest, mut at) = (index, [0; 3]);
                for axis in axes.iter().rev() {
                    let strides = [axis.a, axis.b, axis.c];
                    (0..3).for_each(|i| at[i] += rest % axis.size * strides[i]);
                    rest /= axis.size;
                }
                for (i, j) in (0..m).flat_map(|i| (0..n).map(move |j| (i, j))) {
                    let c = at[2] + i * shape.c_row + j;
                    if !std::mem::replace(&mut seen[c], true) {
                        expected[c] = 0.0;
                    }
                    for l in 0..k {
                        let a = a[at[0] + i * shape.a_row + l * shape.a_column];
                        let b = b[at[1] + l * shape.b_row + j * shape.b_column];
                        expected[c] += f64::from(a) * f64::from(b);
                    }
                }
            }
            for set in InstructionSet::available() {
                let mut c = before.clone();
                let run = Run { axes, shape, a: &a, b: &b, c: &mut c, store };
                f32::vectorize(set, run);
                let tolerance = 1e-6 * (4.0 + (count * k) as f64);
                for (i, (c, e)) in c.iter().zip(&expected).enumerate() {
                    let error = (f64::from(*c) - e).abs();
                    assert!(error < tolerance, "{shape:?} {set:?} {store:?} [{i}]: {c}, not {e}");
                }
            }
        }
    }

    #[test]
    fn strides_of_every_kind() {
        for m in SIZES {
            for k in SIZES {
                for n in SIZES {
                    for (a, b) in
                        [([k, 1], [n, 1]), ([1, m], [n, 1]), ([k, 1], [1, k]), ([1, m], [1, k])]
                    {
                        let shape = product([m, k, n], a, b, n);
                        check(&[], shape, [m * k, k * n, m * n]);
                        // rows with gaps, whose contents must stay unchanged
                        check(&[], Shape { c_row: n + 3, ..shape }, [m * k, k * n, m * (n + 3)]);
                    }
                }
            }
        }
    }

    #[test]
    fn heads_are_read_and_written_where_they_stand() {
        // [samples, time, heads, width]: scores and their application
        let (samples, time, heads, width) = (3, 7, 2, 5);
        let row = heads * width;
        let axes = [
            axis(samples, [time * row, time * row, heads * time * time]),
            axis(heads, [width, width, time * time]),
        ];
        let shape = product([time, width, time], [row, 1], [1, row], time);
        let (x, scores) = (samples * time * row, samples * heads * time * time);
        check(&axes, shape, [x, x, scores]);
        let axes = [
            axis(samples, [heads * time * time, time * row, time * row]),
            axis(heads, [time * time, width, width]),
        ];
        let shape = product([time, time, width], [time, 1], [row, 1], row);
        check(&axes, shape, [scores, x, x]);
    }

    #[test]
    fn products_with_one_place_are_added() {
        let axes = [axis(3, [35, 21, 0]), axis(2, [105, 0, 15])];
        let shape = product([5, 7, 3], [7, 1], [3, 1], 3);
        check(&axes, shape, [210, 63, 30]);
    }

    #[test]
    fn many_products_with_one_place_are_added() {
        let axes = [axis(30, [35, 21, 0]), axis(2, [1050, 0, 15]), axis(5, [0, 630, 0])];
        let shape = product([5, 7, 3], [7, 1], [3, 1], 3);
        check(&axes, shape, [2100, 3150, 30]);
    }

    #[test]
    fn a_long_sum_is_as_accurate_as_a_short_one() {
        let n = 300_000;
        let (a, b) = (vec![0.1_f32; n], vec![1.0; n]);
        let shape = product([1, 1, 1], [1, 1], [1, 1], 1);
        for axes in [vec![axis(n, [1, 1, 0])], vec![axis(600, [500, 500, 0]), axis(500, [1, 1, 0])]]
        {
            for set in InstructionSet::available() {
                let mut c = [1.0_f32];
                let run = Run { axes: &axes, shape, a: &a, b: &b, c: &mut c, store: Store::Add };
                f32::vectorize(set, run);
                let expected = 1.0 + n as f64 * f64::from(0.1_f32);
                let error = (f64::from(c[0]) / expected - 1.0).abs();
                assert!(error < 1e-6, "{set:?}: {c:?}, not {expected}");
            }
        }
    }
}
