//! Compares every path on every instruction set with three plain loops in `f64`.

use super::{Product, Shape, bias_gradient, forward, input_gradient, tiny, weight_gradient};
use crate::kernels::Store;
use crate::kernels::pitch::{AsRows, AsRowsMut, pitched, pitched_mut};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

const SIZES: [usize; 14] = [1, 2, 3, 7, 8, 16, 17, 31, 32, 33, 48, 49, 64, 100];
/// Larger than all three blocks of the outlined product.
const LARGE: [[usize; 3]; 9] = [
    [70, 784, 131],
    [3, 700, 513],
    [130, 1100, 50],
    [1, 2000, 1030],
    [9, 300, 40],
    [10, 131, 100],
    [1, 263, 64],
    [1, 17, 2053],
    [1, 519, 77],
];
/// A value behind the end of slices, which must not be overwritten.
const CANARY: f64 = 1234.5;

/// A buffer with canaries behind its end.
struct Guarded<T>(Vec<T>);

impl<T: Scalar> Guarded<T> {
    /// Returns reproducible values in ±1 that differ between seeds.
    fn random(len: usize, seed: usize) -> Self {
        let value = |i: usize| {
            let hash = (i as u64 + 1).wrapping_mul(seed as u64 * 2 + 0x9E37_79B9_7F4A_7C15);
            let hash = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            T::from_f64((hash >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
        };
        let mut data: Vec<T> = (0..len).map(value).collect();
        data.extend([T::from_f64(CANARY); 20]);
        Self(data)
    }

    fn get(&self) -> &[T] {
        &self.0[..self.0.len() - 20]
    }

    fn get_mut(&mut self) -> &mut [T] {
        let len = self.0.len() - 20;
        &mut self.0[..len]
    }

    fn is_intact(&self) -> bool {
        self.0[self.get().len()..].iter().all(|x| x.to_f64() == CANARY)
    }
}

/// C = start + A · B in `f64`, with the given strides (row, column) of A and B.
fn reference<T: Scalar>(
    [m, k, n]: [usize; 3],
    (a, a_strides): (&[T], [usize; 2]),
    (b, b_strides): (&[T], [usize; 2]),
    start: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let b: Vec<f64> =
        (0..k * n).map(|at| b[at / n * b_strides[0] + at % n * b_strides[1]].to_f64()).collect();
    let mut c: Vec<f64> = (0..m * n).map(|at| start(at / n, at % n)).collect();
    // row by row, which is fast even without optimisation
    for (i, c) in c.chunks_exact_mut(n).enumerate() {
        for (l, b) in b.chunks_exact(n).enumerate() {
            let a = a[i * a_strides[0] + l * a_strides[1]].to_f64();
            c.iter_mut().zip(b).for_each(|(c, b)| *c += a * b);
        }
    }
    c
}

/// Checks sums of `depth` terms of at most 1 each, with a tolerance proportional to `depth`.
fn assert_near<T: Scalar>(what: &str, depth: usize, actual: &[T], expected: &[f64]) {
    let epsilon = if T::BYTES == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = epsilon * (4.0 + 2.0 * depth as f64);
    assert_eq!(actual.len(), expected.len());
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a.to_f64() - e).abs() <= tolerance, "{what}: element {i} is {a}, not {e}");
    }
}

/// The operands and results of the four operations.
struct Buffers<T> {
    shape: [usize; 3],
    store: Store,
    x: Guarded<T>,
    weight: Guarded<T>,
    bias: Option<Guarded<T>>,
    dy: Guarded<T>,
    y: Guarded<T>,
    dx: Guarded<T>,
    dw: Guarded<T>,
    db: Guarded<T>,
}

impl<T: Scalar> Buffers<T> {
    fn new(shape: [usize; 3], store: Store) -> Self {
        let [rows, inputs, outputs] = shape;
        Self {
            shape,
            store,
            x: Guarded::random(rows * inputs, 1),
            weight: Guarded::random(inputs * outputs, 2),
            bias: (store == Store::Add).then(|| Guarded::random(outputs, 3)),
            dy: Guarded::random(rows * outputs, 4),
            y: Guarded::random(rows * outputs, 5),
            dx: Guarded::random(rows * inputs, 6),
            dw: Guarded::random(inputs * outputs, 7),
            db: Guarded::random(outputs, 8),
        }
    }

    /// Returns the expected results of the four operations: y, dx, dw and db.
    fn expected(&self) -> [Vec<f64>; 4] {
        let [rows, inputs, outputs] = self.shape;
        let (x, weight, dy) = (self.x.get(), self.weight.get(), self.dy.get());
        let old = |buffer: &Guarded<T>, at: usize| match self.store {
            Store::Set => 0.0,
            Store::Add => buffer.get()[at].to_f64(),
        };
        let bias = |j: usize| self.bias.as_ref().map_or(0.0, |bias| bias.get()[j].to_f64());
        let y =
            reference([rows, inputs, outputs], (x, [inputs, 1]), (weight, [outputs, 1]), |_, j| {
                bias(j)
            });
        let dx = reference(
            [rows, outputs, inputs],
            (dy, [outputs, 1]),
            (weight, [1, outputs]),
            |i, j| old(&self.dx, i * inputs + j),
        );
        let dw =
            reference([inputs, rows, outputs], (x, [1, inputs]), (dy, [outputs, 1]), |i, j| {
                old(&self.dw, i * outputs + j)
            });
        let db = reference([1, rows, outputs], (&[T::ONE], [0, 0]), (dy, [outputs, 1]), |_, j| {
            old(&self.db, j)
        });
        [y, dx, dw, db]
    }

    /// Checks the results.
    fn check(&self, [y, dx, dw, db]: &[Vec<f64>; 4], set: InstructionSet) {
        let [rows, inputs, outputs] = self.shape;
        let near = |name: &str, depth: usize, actual: &Guarded<T>, expected: &[f64]| {
            let what = format!("{name} {:?} {:?} {set:?} {}", self.shape, self.store, T::NAME);
            assert_near(&what, depth, actual.get(), expected);
            assert!(actual.is_intact(), "{what}: wrote behind the end");
        };
        near("forward", inputs, &self.y, y);
        near("input gradient", outputs, &self.dx, dx);
        near("weight gradient", rows, &self.dw, dw);
        near("bias gradient", rows, &self.db, db);
    }
}

/// A call of the four operations. `tiny` selects the forward product of tiny layers.
struct Called<'a, T> {
    buffers: &'a mut Buffers<T>,
    tiny: bool,
}

impl<T: Scalar> Vectorize<T> for Called<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Buffers { shape, store, x, weight, bias, dy, y, dx, dw, db } = self.buffers;
        let ([r, i, o], store) = (*shape, *store);
        let shape = Shape { rows: r, inputs: i, outputs: o };
        let (x, weight, dy) = (x.get(), weight.get(), dy.get());
        let bias = bias.as_ref().map(Guarded::get);
        let rows = (x.as_rows(r, i), weight.as_rows(i, o), bias.map(|bias| bias.as_rows(1, o)));
        let y = y.get_mut().as_rows_mut(r, o);
        if self.tiny && (o <= 4 * S::LANES || i == 1) {
            tiny::forward(simd, rows.0, rows.1, rows.2, y);
        } else {
            simd.product(Product::forward(rows.0, rows.1.into(), rows.2, y));
        }
        input_gradient(simd, shape, dy, weight, dx.get_mut(), store);
        weight_gradient(simd, shape, x, dy, dw.get_mut(), store);
        bias_gradient(simd, r, o, dy, db.get_mut(), store);
    }
}

fn check_called<T: Scalar>(shape: [usize; 3]) {
    for store in [Store::Set, Store::Add] {
        let expected = Buffers::<T>::new(shape, store).expected();
        for set in InstructionSet::available() {
            for tiny in [false, true] {
                let mut buffers = Buffers::<T>::new(shape, store);
                T::vectorize(set, Called { buffers: &mut buffers, tiny });
                buffers.check(&expected, set);
            }
        }
    }
}

fn check_all<T: Scalar>() {
    for rows in SIZES {
        for inputs in SIZES {
            for outputs in SIZES {
                if rows * inputs * outputs <= 64 * 64 * 33 {
                    check_called::<T>([rows, inputs, outputs]);
                }
            }
        }
    }
    for shape in LARGE {
        check_called::<T>(shape);
    }
}

#[test]
fn products_of_f32_match_plain_loops() {
    check_all::<f32>();
}

#[test]
fn products_of_f64_match_plain_loops() {
    check_all::<f64>();
}

#[test]
fn empty_sizes_give_the_start() {
    struct Empty;
    impl Vectorize<f32> for Empty {
        type Output = ();
        #[inline(always)]
        fn run<S: Simd<f32>>(self, simd: S) {
            let none: &[f32] = &[];
            forward(
                simd,
                Shape { rows: 0, inputs: 3, outputs: 2 },
                none,
                &[1.0; 6][..],
                None,
                &mut [][..],
            );
            let y = &mut [5.0; 4][..];
            forward(
                simd,
                Shape { rows: 2, inputs: 0, outputs: 2 },
                none,
                none,
                Some(&[1.0, 2.0]),
                y,
            );
            assert_eq!(y, [1.0, 2.0, 1.0, 2.0]);
            weight_gradient(
                simd,
                Shape { rows: 0, inputs: 2, outputs: 2 },
                none,
                none,
                y,
                Store::Set,
            );
            assert_eq!(y, [0.0; 4]);
        }
    }
    for set in InstructionSet::available() {
        f32::vectorize(set, Empty);
    }
}

#[test]
#[should_panic(expected = "5 scalars for rows of shape [3, 2], one every 2")]
fn wrong_lengths_are_refused() {
    let (x, weight, y): (&[f32], &[f32], &mut [f32]) = (&[0.0; 3], &[0.0; 5], &mut [0.0; 2]);
    forward(crate::Plain, Shape { rows: 1, inputs: 3, outputs: 2 }, x, weight, None, y);
}

/// Returns the rows of a matrix with `gap` canaries before each.
fn spread(x: &[f32], len: usize, gap: usize) -> Vec<f32> {
    let row = |x: &[f32]| [&vec![CANARY as f32; gap], x].concat();
    x.chunks_exact(len).flat_map(row).collect()
}

/// A call of the operations with gaps between all rows, or without gaps.
struct Spread<'a> {
    buffers: &'a Buffers<f32>,
    gap: usize,
    y: &'a mut [f32],
    dx: &'a mut [f32],
    dw: &'a mut [f32],
    db: &'a mut [f32],
}

impl Vectorize<f32> for Spread<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        let Buffers { shape: [r, i, o], store, x, weight, bias, dy, .. } = self.buffers;
        let ([r, i, o], gap, store) = ([*r, *i, *o], self.gap, *store);
        let shape = Shape { rows: r, inputs: i, outputs: o };
        let bias = bias.as_ref().map(Guarded::get);
        let spread = |x: &Guarded<f32>, len: usize| spread(x.get(), len, gap);
        let (x, weight, dy) = (spread(x, i), spread(weight, o), spread(dy, o));
        let x = pitched(&x[gap..], i + gap);
        let (weight, dy) = (pitched(&weight[gap..], o + gap), pitched(&dy[gap..], o + gap));
        let y = &mut pitched_mut(&mut self.y[gap..], o + gap);
        let dx = &mut pitched_mut(&mut self.dx[gap..], i + gap);
        forward(simd, shape, &x, &weight, bias, y);
        input_gradient(simd, shape, &dy, &weight, dx, store);
        weight_gradient(simd, shape, &x, &dy, self.dw, store);
        bias_gradient(simd, r, o, &dy, self.db, store);
    }
}

#[test]
fn rows_may_be_a_part_of_longer_ones() {
    for shape in
        [[1, 7, 17], [7, 1, 1], [17, 33, 1], [9, 7, 33], [33, 17, 7], [70, 300, 131], [1, 300, 131]]
    {
        for store in [Store::Set, Store::Add] {
            for set in InstructionSet::available() {
                let run = |gap: usize| {
                    let buffers = Buffers::new(shape, store);
                    let [_, i, o] = shape;
                    let mut y = spread(buffers.y.get(), o, gap);
                    let mut dx = spread(buffers.dx.get(), i, gap);
                    let (mut dw, mut db) = (buffers.dw.get().to_vec(), buffers.db.get().to_vec());
                    let (y_of, dx_of, dw_of, db_of) = (&mut y, &mut dx, &mut dw, &mut db);
                    let buffers = &buffers;
                    let operations =
                        Spread { buffers, gap, y: y_of, dx: dx_of, dw: dw_of, db: db_of };
                    f32::vectorize(set, operations);
                    [y, dx, dw, db]
                };
                let [y, dx, dw, db] = run(0);
                // equal except for the order of summation, and the gaps are not written
                let expected = [spread(&y, shape[2], 5), spread(&dx, shape[1], 5), dw, db];
                for (actual, expected) in run(5).iter().zip(&expected) {
                    let near = |(a, e): (&f32, &f32)| (a - e).abs() <= 1e-5 * (1.0 + e.abs());
                    let near = |(a, e): (&f32, &f32)| *e == CANARY as f32 && a == e || near((a, e));
                    assert!(actual.iter().zip(expected).all(near), "{shape:?} {store:?} {set:?}");
                    assert_eq!(actual.len(), expected.len());
                }
            }
        }
    }
}
