//! Every path on every instruction set, against three plain loops in `f64`.

use super::{Product, bias_gradient, forward, input_gradient, weight_gradient};
use crate::kernels::Store;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

const SIZES: [usize; 14] = [1, 2, 3, 7, 8, 16, 17, 31, 32, 33, 48, 49, 64, 100];
/// Larger than all three blocks of the outlined product.
const LARGE: [[usize; 3]; 4] = [[70, 784, 131], [3, 700, 513], [130, 1100, 50], [1, 2000, 1030]];
/// What stands behind a slice's end, and must still stand there afterwards.
const CANARY: f64 = 1234.5;

/// A buffer with canaries behind its end.
struct Guarded<T>(Vec<T>);

impl<T: Scalar> Guarded<T> {
    /// Reproducible values in ±1 that differ between seeds.
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

    fn assert_intact(&self) {
        assert!(self.0[self.get().len()..].iter().all(|x| x.to_f64() == CANARY));
    }
}

/// C = start + A · B with the given strides (row, column) of A and B; also the largest sum of
/// magnitudes, on which the rounding depends.
fn reference<T: Scalar>(
    [m, k, n]: [usize; 3],
    (a, a_strides): (&[T], [usize; 2]),
    (b, b_strides): (&[T], [usize; 2]),
    start: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let mut c = Vec::with_capacity(m * n);
    for i in 0..m {
        for j in 0..n {
            let mut sum = start(i, j);
            for l in 0..k {
                let a = a[i * a_strides[0] + l * a_strides[1]].to_f64();
                sum += a * b[l * b_strides[0] + j * b_strides[1]].to_f64();
            }
            c.push(sum);
        }
    }
    c
}

/// `depth` terms of at most 1 each differ from the exact sum by less than this.
fn assert_near<T: Scalar>(what: &str, depth: usize, actual: &[T], expected: &[f64]) {
    let epsilon = if T::BYTES == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = epsilon * (4.0 + 2.0 * depth as f64);
    assert_eq!(actual.len(), expected.len());
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a.to_f64() - e).abs() <= tolerance, "{what}: element {i} is {a}, not {e}");
    }
}

/// A product computed as an optimised build does where it is small: by the code that is inlined.
struct Inlined<'a, T>(Product<'a, T>);

impl<T: Scalar> Vectorize<T> for Inlined<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        self.0.run_inline(simd);
    }
}

/// All four operations for one shape.
struct Check {
    shape: [usize; 3],
    inlined: bool,
    store: Store,
    bias: bool,
}

impl<T: Scalar> Vectorize<T> for Check {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let [rows, inputs, outputs] = self.shape;
        let x = Guarded::<T>::random(rows * inputs, 1);
        let weight = Guarded::<T>::random(inputs * outputs, 2);
        let bias = Guarded::<T>::random(outputs, 3);
        let dy = Guarded::<T>::random(rows * outputs, 4);
        let add = |old: &Guarded<T>, at: usize| match self.store {
            Store::Set => 0.0,
            Store::Add => old.get()[at].to_f64(),
        };
        let what = |name: &str| {
            let isa = std::any::type_name::<S>();
            format!("{name} {:?} {:?} {isa} {}", self.shape, self.store, T::NAME)
        };

        let mut y = Guarded::<T>::random(rows * outputs, 5);
        let expected = reference(
            [rows, inputs, outputs],
            (x.get(), [inputs, 1]),
            (weight.get(), [outputs, 1]),
            |_, j| {
                if self.bias { bias.get()[j].to_f64() } else { 0.0 }
            },
        );
        let given = self.bias.then(|| bias.get());
        if self.inlined {
            let shape = self.shape;
            let product = Product::forward(shape, x.get(), weight.get(), given, y.get_mut());
            simd.outlined(Inlined(product));
        } else {
            forward(simd, rows, inputs, outputs, x.get(), weight.get(), given, y.get_mut());
        }
        assert_near(&what("forward"), inputs, y.get(), &expected);
        y.assert_intact();

        let mut dx = Guarded::<T>::random(rows * inputs, 6);
        let expected = reference(
            [rows, outputs, inputs],
            (dy.get(), [outputs, 1]),
            (weight.get(), [1, outputs]),
            |i, j| add(&dx, i * inputs + j),
        );
        if self.inlined {
            let (dy, w, dx) = (dy.get(), weight.get(), dx.get_mut());
            simd.outlined(Inlined(Product::input_gradient(self.shape, dy, w, dx, self.store)));
        } else {
            let (dy, w, dx) = (dy.get(), weight.get(), dx.get_mut());
            input_gradient(simd, rows, inputs, outputs, dy, w, dx, self.store);
        }
        assert_near(&what("input gradient"), outputs, dx.get(), &expected);
        dx.assert_intact();

        let mut dw = Guarded::<T>::random(inputs * outputs, 7);
        let expected = reference(
            [inputs, rows, outputs],
            (x.get(), [1, inputs]),
            (dy.get(), [outputs, 1]),
            |i, j| add(&dw, i * outputs + j),
        );
        if self.inlined {
            let (x, dy, dw) = (x.get(), dy.get(), dw.get_mut());
            simd.outlined(Inlined(Product::weight_gradient(self.shape, x, dy, dw, self.store)));
        } else {
            let (x, dy, dw) = (x.get(), dy.get(), dw.get_mut());
            weight_gradient(simd, rows, inputs, outputs, x, dy, dw, self.store);
        }
        assert_near(&what("weight gradient"), rows, dw.get(), &expected);
        dw.assert_intact();

        let mut db = Guarded::<T>::random(outputs, 8);
        let expected =
            reference([1, rows, outputs], (&[T::ONE], [0, 0]), (dy.get(), [outputs, 1]), |_, j| {
                add(&db, j)
            });
        if self.inlined {
            let (one, dy, db) = (T::ONE, dy.get(), db.get_mut());
            let product = Product::bias_gradient([rows, outputs], &one, dy, db, self.store);
            simd.outlined(Inlined(product));
        } else {
            bias_gradient(simd, rows, outputs, dy.get(), db.get_mut(), self.store);
        }
        assert_near(&what("bias gradient"), rows, db.get(), &expected);
        db.assert_intact();
    }
}

fn check<T: Scalar>(shape: [usize; 3]) {
    for set in InstructionSet::available() {
        for store in [Store::Set, Store::Add] {
            for inlined in [false, true] {
                let bias = store == Store::Add;
                T::vectorize(set, Check { shape, inlined, store, bias });
            }
        }
    }
}

fn check_all<T: Scalar>() {
    for rows in SIZES {
        for inputs in SIZES {
            for outputs in SIZES {
                check::<T>([rows, inputs, outputs]);
            }
        }
    }
    for shape in LARGE {
        check::<T>(shape);
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
            forward(simd, 0, 3, 2, &[], &[1.0; 6], None, &mut []);
            let mut y = [5.0; 4];
            forward(simd, 2, 0, 2, &[], &[], Some(&[1.0, 2.0]), &mut y);
            assert_eq!(y, [1.0, 2.0, 1.0, 2.0]);
            weight_gradient(simd, 0, 2, 2, &[], &[], &mut y, Store::Set);
            assert_eq!(y, [0.0; 4]);
        }
    }
    for set in InstructionSet::available() {
        f32::vectorize(set, Empty);
    }
}

#[test]
#[should_panic(expected = "weight has 5 scalars, but its shape is [3, 2]")]
fn wrong_lengths_are_refused() {
    forward(crate::Plain, 1, 3, 2, &[0.0_f32; 3], &[0.0; 5], None, &mut [0.0; 2]);
}
