//! Compares every kernel on every instruction set with plain loops in `f64`.

use super::{
    Adaptive, Pool, Resize, adaptive_average, adaptive_average_gradient, average, average_gradient,
    max, max_gradient, resize, resize_gradient,
};
use crate::kernels::Store;
use crate::kernels::pitch::{pitched, pitched_mut};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

mod reference;

/// Number of scalars after each sample.
const GAP: usize = 3;

/// Returns reproducible multiples of 1/8 in ±2, so that some are equal.
fn numbers<T: Scalar>(len: usize, seed: usize) -> Vec<T> {
    (0..len).map(|i| T::from_f64(((i + seed * 31) * 7919 % 1009 % 33) as f64 / 8.0 - 2.0)).collect()
}

fn spaced<T: Scalar>(rows: usize, data: &[T]) -> Vec<T> {
    let gap = [T::from_f64(99.0); GAP];
    data.chunks((data.len() / rows).max(1)).flat_map(|row| [row, &gap[..]].concat()).collect()
}

#[track_caller]
fn joined<T: Scalar>(rows: usize, data: &[T]) -> Vec<T> {
    let len = data.len() / rows - GAP;
    for row in data.chunks(len + GAP) {
        assert!(row[len..].iter().all(|x| x.to_f64() == 99.0), "written behind a sample");
    }
    data.chunks(len + GAP).flat_map(|row| &row[..len]).copied().collect()
}

#[track_caller]
fn near<T: Scalar>(what: &str, actual: &[T], expected: &[f64]) {
    let tolerance = if T::BYTES == 4 { 1e-5 } else { 1e-13 };
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        let (a, e) = (a.to_f64(), *e);
        let same =
            a == e || a.is_nan() && e.is_nan() || (a - e).abs() <= tolerance * (1.0 + e.abs());
        assert!(same, "{what}: element {i} is {a}, not {e}");
    }
}

/// The operations, each with the shape of its sample.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Max(Pool),
    Average(Pool),
    Adaptive(Adaptive),
    Resize(Resize),
}

impl Operation {
    fn lens(&self) -> [usize; 2] {
        match self {
            Self::Max(pool) | Self::Average(pool) => [pool.input_len(), pool.output_len()],
            Self::Adaptive(pool) => [pool.input_len(), pool.output_len()],
            Self::Resize(resize) => [resize.input_len(), resize.output_len()],
        }
    }
}

const CHANNELS: usize = 2;
const SAMPLES: usize = 2;

struct Check {
    operation: Operation,
    set: InstructionSet,
    /// Replaces every fifth element.
    special: Option<f64>,
}

impl<T: Scalar> Vectorize<T> for Check {
    type Output = ();
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { operation, set, special } = self;
        let name = format!("{} {set:?} {operation:?}", T::NAME);
        let [inputs, outputs] = operation.lens();
        if inputs == 0 || outputs == 0 {
            return;
        }
        let mut x = numbers::<T>(SAMPLES * inputs, 1);
        if let Some(special) = special {
            x.iter_mut().step_by(5).for_each(|x| *x = T::from_f64(special));
        }
        let dy = numbers::<T>(SAMPLES * outputs, 2);
        let start = numbers::<T>(SAMPLES * inputs, 3);
        let (wide_x, wide_dy) = (spaced(SAMPLES, &x), spaced(SAMPLES, &dy));
        let (rows, dy_rows) = (pitched(&wide_x, inputs + GAP), pitched(&wide_dy, outputs + GAP));
        let planes = SAMPLES * CHANNELS;
        let (y_expected, dx_expected) = reference::run(&operation, planes, &x, &dy);

        let mut y = spaced(SAMPLES, &numbers::<T>(SAMPLES * outputs, 4));
        let y_rows = &mut pitched_mut(&mut y, outputs + GAP);
        match &operation {
            Operation::Max(pool) => {
                let mut scratch = vec![T::from_f64(f64::NAN); pool.scratch()];
                max(simd, pool, SAMPLES, &rows, y_rows, &mut scratch);
            }
            Operation::Average(pool) => {
                let mut scratch = vec![T::from_f64(f64::NAN); pool.scratch()];
                average(simd, pool, SAMPLES, &rows, y_rows, &mut scratch);
            }
            Operation::Adaptive(pool) => {
                let mut scratch = vec![T::from_f64(f64::NAN); pool.scratch()];
                adaptive_average(simd, pool, SAMPLES, &rows, y_rows, &mut scratch);
            }
            Operation::Resize(description) => {
                resize(simd, description, SAMPLES, &rows, y_rows);
            }
        }
        near(&format!("y of {name}"), &joined(SAMPLES, &y), &y_expected);
        for store in [Store::Set, Store::Add] {
            let mut dx = spaced(SAMPLES, &start);
            let dx_rows = &mut pitched_mut(&mut dx, inputs + GAP);
            match &operation {
                Operation::Max(pool) => {
                    max_gradient(simd, pool, SAMPLES, &rows, &dy_rows, dx_rows, store);
                }
                Operation::Average(pool) => {
                    let scratch = &mut vec![T::from_f64(f64::NAN); pool.scratch()];
                    average_gradient(simd, pool, SAMPLES, &dy_rows, dx_rows, store, scratch);
                }
                Operation::Adaptive(pool) => {
                    let scratch = &mut vec![T::from_f64(f64::NAN); pool.scratch()];
                    adaptive_average_gradient(
                        simd, pool, SAMPLES, &dy_rows, dx_rows, store, scratch,
                    );
                }
                Operation::Resize(description) => {
                    resize_gradient(simd, description, SAMPLES, &dy_rows, dx_rows, store);
                }
            }
            let added = if store == Store::Add { 1.0 } else { 0.0 };
            let expected: Vec<f64> = dx_expected
                .iter()
                .zip(&start)
                .map(|(dx, start)| dx + added * start.to_f64())
                .collect();
            near(&format!("dx of {name}"), &joined(SAMPLES, &dx), &expected);
        }
    }
}

#[track_caller]
fn check(operation: Operation, special: Option<f64>) {
    for set in InstructionSet::available() {
        f32::vectorize(set, Check { operation, set, special });
        f64::vectorize(set, Check { operation, set, special });
    }
}

/// Returns poolings of every option.
fn pools(dilations: &[[usize; 2]]) -> Vec<Pool> {
    let mut pools = Vec::new();
    for size in [[1, 1], [1, 17], [7, 7], [17, 33], [8, 5]] {
        for kernel in [[1, 1], [2, 2], [1, 3], [3, 3], [4, 5]] {
            for stride in [kernel, [1, 1], [2, 2], [3, 4], [5, 7]] {
                for padding in [[[0, 0], [0, 0]], [[1, 1], [1, 1]], [[0, 1], [2, 0]]] {
                    for dilation in dilations {
                        let pool = Pool::new(CHANNELS, size, kernel).stride(stride);
                        let pool = pool.padding(padding).dilation(*dilation);
                        pools.extend([pool, pool.ceil(true)]);
                    }
                }
            }
        }
    }
    pools
}

#[test]
fn maxima() {
    for pool in pools(&[[1, 1], [2, 3]]) {
        check(Operation::Max(pool), None);
    }
    for special in [f64::NAN, f64::NEG_INFINITY] {
        for stride in [[1, 1], [2, 2], [3, 1]] {
            let pool = Pool::new(CHANNELS, [7, 17], [3, 2]).stride(stride);
            check(Operation::Max(pool.padding([[1, 1], [1, 0]])), Some(special));
        }
    }
}

#[test]
fn averages() {
    for pool in pools(&[[1, 1]]) {
        check(Operation::Average(pool), None);
        check(Operation::Average(pool.count_padding(false)), None);
    }
    check(Operation::Average(Pool::new(CHANNELS, [7, 8], [3, 2]).divisor(4)), None);
}

#[test]
fn adaptive_averages() {
    for size in [[1, 1], [1, 17], [7, 7], [17, 33]] {
        for output in [[1, 1], [1, 5], [2, 3], [7, 7], [9, 40], [0, 2]] {
            check(Operation::Adaptive(Adaptive::new(CHANNELS, size, output)), None);
        }
    }
}

#[test]
fn resizing() {
    for size in [[1, 1], [1, 17], [7, 7], [5, 33]] {
        for output in [[1, 1], [1, 5], [14, 14], [9, 140], [3, 300]] {
            let resize = Resize::to(CHANNELS, size, output);
            for resize in [resize, resize.bilinear(false), resize.bilinear(true)] {
                check(Operation::Resize(resize), None);
            }
        }
        for factor in [[2.0, 2.0], [1.5, 2.5], [0.6, 0.7]] {
            let resize = Resize::by(CHANNELS, size, factor);
            check(Operation::Resize(resize), None);
            check(Operation::Resize(resize.bilinear(false)), None);
        }
    }
}

#[test]
fn sizes_are_those_of_pytorch() {
    // (size, kernel, stride, padding, ceil, output), as torch.nn.functional.max_pool1d gives them
    for (size, kernel, stride, padding, ceil, output) in [
        (7, 2, 2, 0, false, 3),
        (7, 2, 2, 0, true, 4),
        (5, 2, 2, 1, true, 3),
        (5, 3, 3, 1, true, 2),
        (1, 3, 3, 1, true, 1),
        (8, 3, 2, 1, true, 5),
        (8, 3, 2, 1, false, 4),
        (6, 2, 4, 1, true, 2),
    ] {
        let pool = Pool::new(1, [1, size], [1, kernel]).stride([1, stride]);
        let pool = pool.padding([[0, 0], [padding, padding]]).ceil(ceil);
        assert_eq!(pool.output_size(), [1, output], "{pool:?}");
    }
    const POOL: Pool = Pool::new(3, [8, 8], [2, 2]);
    let scratch = [0.0_f32; POOL.scratch()];
    assert_eq!((POOL.output_len(), scratch.len()), (48, 8 + 2 + 8));
}
