//! Compares every path on every instruction set with plain loops in `f64`.

use super::{Conv, bias_gradient, forward, input_gradient, transposed, weight_gradient};
use crate::kernels::Store;
use crate::kernels::pitch::{pitched, pitched_mut};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

mod reference;

use reference::Reference;

/// A value around the results and behind the scratch memory, which must not be overwritten.
const CANARY: f64 = 1234.5;
/// Number of canaries after each sample.
const GAP: usize = 5;

/// Returns reproducible values in ±1 that differ between seeds.
fn numbers<T: Scalar>(len: usize, seed: usize) -> Vec<T> {
    let value = |i: usize| {
        let hash = (i as u64 + 1).wrapping_mul(seed as u64 * 2 + 0x9E37_79B9_7F4A_7C15);
        let hash = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        T::from_f64((hash >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
    };
    (0..len).map(value).collect()
}

/// Returns rows with canaries after each.
fn spaced<T: Scalar>(rows: usize, data: &[T]) -> Vec<T> {
    let len = data.len() / rows;
    let row = |row: &[T]| [row, &[T::from_f64(CANARY); GAP]].concat();
    data.chunks(len.max(1)).flat_map(row).collect()
}

/// Removes the canaries, after checking them.
#[track_caller]
fn joined<T: Scalar>(rows: usize, data: &[T]) -> Vec<T> {
    let len = data.len() / rows - GAP;
    for row in data.chunks(len + GAP) {
        assert!(row[len..].iter().all(|x| x.to_f64() == CANARY), "written behind a sample");
    }
    data.chunks(len + GAP).flat_map(|row| &row[..len]).copied().collect()
}

fn near<T: Scalar>(what: &str, depth: usize, actual: &[T], expected: &[f64]) {
    let epsilon = if T::BYTES == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = epsilon * (4.0 + 2.0 * depth as f64);
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a.to_f64() - e).abs() <= tolerance, "{what}: element {i} is {a}, not {e}");
    }
}

/// All kernels of one convolution.
struct Check<'a> {
    conv: &'a Conv,
    samples: usize,
    set: InstructionSet,
}

impl<T: Scalar> Vectorize<T> for Check<'_> {
    type Output = ();
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { conv, samples, set } = self;
        let (inputs, outputs) = (conv.input_len(), conv.output_len());
        if inputs == 0 || outputs == 0 {
            return;
        }
        let positions = outputs / conv.outputs;
        let x = numbers::<T>(samples * inputs, 1);
        let dy = numbers::<T>(samples * outputs, 2);
        let weight = numbers::<T>(conv.weight_len(), 3);
        let bias = numbers::<T>(conv.outputs, 4);
        let start = numbers::<T>(samples * inputs, 5);
        let reference = Reference { conv, samples, x: &x, dy: &dy, weight: &weight };
        let expected = reference.run();
        let depth = conv.weight_len() / conv.outputs;
        let name = format!("{} {set:?} {samples} samples of {conv:?}", T::NAME);
        let scratch = |len| numbers::<T>(len, 9);
        let wide = spaced(samples, &x);
        let (x, dy_wide) = (pitched(&wide, inputs + GAP), spaced(samples, &dy));
        let dy = pitched(&dy_wide, outputs + GAP);

        for bias in [None, Some(&bias[..])] {
            let mut y = spaced(samples, &numbers::<T>(samples * outputs, 6));
            let mut room = scratch(conv.forward_scratch());
            let rows = &mut pitched_mut(&mut y, outputs + GAP);
            forward(simd, conv, samples, &x, &weight, bias, rows, &mut room);
            let mut sums = expected.y.clone();
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum += bias.map_or(0.0, |bias| bias[at / positions % conv.outputs].to_f64());
            }
            near(&format!("y of {name}"), depth, &joined(samples, &y), &sums);
        }
        for store in [Store::Set, Store::Add] {
            let added = |expected: &[f64]| -> Vec<f64> {
                let starts = start.iter().cycle().map(|start| start.to_f64());
                let starts = starts.map(|start| if store == Store::Add { start } else { 0.0 });
                expected.iter().zip(starts).map(|(a, b)| a + b).collect()
            };
            let begin =
                |len: usize| -> Vec<T> { start.iter().cycle().take(len).copied().collect() };
            let mut dx = spaced(samples, &start);
            let mut room = scratch(conv.input_gradient_scratch());
            let rows = &mut pitched_mut(&mut dx, inputs + GAP);
            input_gradient(simd, conv, samples, &dy, &weight, rows, store, &mut room);
            let depth = conv.weight_len() / conv.channels;
            near(&format!("dx of {name}"), depth, &joined(samples, &dx), &added(&expected.dx));

            let mut dw = begin(conv.weight_len());
            let mut room = scratch(conv.weight_gradient_scratch());
            weight_gradient(simd, conv, samples, &x, &dy, &mut dw, store, &mut room);
            near(&format!("dw of {name}"), samples * positions, &dw, &added(&expected.dw));

            let mut db = begin(conv.outputs);
            bias_gradient(simd, samples, positions, &dy, &mut db, store);
            near(&format!("db of {name}"), samples * positions, &db, &added(&expected.db));
        }
        let bias = numbers::<T>(conv.channels, 7);
        let mut dx = spaced(samples, &start);
        let mut room = scratch(conv.input_gradient_scratch());
        let rows = &mut pitched_mut(&mut dx, inputs + GAP);
        transposed(simd, conv, samples, &dy, &weight, Some(&bias), rows, &mut room);
        let pixels = inputs / conv.channels;
        let sums = expected.dx.iter().enumerate();
        let sums: Vec<f64> =
            sums.map(|(at, sum)| sum + bias[at / pixels % conv.channels].to_f64()).collect();
        let depth = conv.weight_len() / conv.channels;
        near(&format!("transposed {name}"), depth, &joined(samples, &dx), &sums);
    }
}

#[track_caller]
fn check(conv: &Conv, samples: usize) {
    for set in InstructionSet::available() {
        f32::vectorize(set, Check { conv, samples, set });
        f64::vectorize(set, Check { conv, samples, set });
    }
}

#[test]
fn odd_sizes() {
    for size in [[1, 1], [1, 7], [7, 1], [7, 17], [17, 33], [33, 7]] {
        for (channels, outputs) in [(1, 1), (1, 7), (7, 1), (17, 7), (7, 17), (1, 33), (33, 17)] {
            check(&Conv::new(channels, outputs, size, [1, 1]), 2);
            let conv = Conv::new(channels, outputs, size, [3, 3]).padding([[1, 1], [1, 1]]);
            check(&conv, 1);
        }
    }
}

#[test]
fn every_option() {
    for kernel in [[1, 1], [1, 3], [2, 2], [3, 3], [5, 2]] {
        for stride in [[1, 1], [2, 2], [1, 3], [4, 1], [6, 5]] {
            for dilation in [[1, 1], [2, 3], [3, 2], [4, 6]] {
                for padding in [[[0, 0], [0, 0]], [[1, 2], [0, 3]], [[4, 0], [5, 1]]] {
                    let conv = Conv::new(4, 6, [9, 11], kernel)
                        .stride(stride)
                        .dilation(dilation)
                        .padding(padding);
                    check(&conv, 3);
                    check(&conv.groups(2), 2);
                }
            }
        }
    }
}

#[test]
fn a_kernel_larger_than_the_image_within_its_padding() {
    check(&Conv::new(3, 5, [3, 2], [7, 6]).padding([[2, 3], [4, 4]]), 2);
    check(&Conv::new(3, 5, [1, 1], [4, 4]).padding([[3, 2], [1, 3]]).stride([2, 3]), 9);
    let outside = Conv::new(3, 5, [3, 2], [7, 6]);
    assert_eq!(outside.output_size(), [0, 0]);
    assert_eq!(outside.output_len(), 0);
}

#[test]
fn groups() {
    for groups in [1, 2, 4, 12] {
        let conv = Conv::new(12, 12, [8, 9], [3, 3]).padding([[1, 1], [1, 1]]).groups(groups);
        check(&conv, 2);
        check(&conv.stride([2, 3]).dilation([2, 1]), 2);
    }
    for (outputs, groups) in [(8, 4), (12, 4), (6, 2)] {
        check(&Conv::new(4, outputs, [6, 7], [3, 2]).groups(groups).padding([[1, 0], [0, 1]]), 3);
    }
}

#[test]
fn more_than_one_chunk_and_panel() {
    // many channels, rows, columns, samples
    check(&Conv::new(70, 70, [5, 5], [3, 3]).padding([[1, 1], [1, 1]]), 2);
    check(&Conv::new(2, 3, [40, 41], [3, 3]).padding([[1, 1], [1, 1]]), 2);
    check(&Conv::new(2, 3, [2, 1200], [2, 3]).padding([[1, 1], [4, 1]]), 1);
    check(&Conv::new(3, 2, [4, 4], [3, 3]).padding([[1, 1], [1, 1]]), 70);
    check(&Conv::new(3, 2, [41, 43], [3, 3]).stride([2, 2]).padding([[1, 1], [1, 1]]), 2);
}

#[test]
fn signals() {
    for dilation in [1, 2, 64, 512] {
        let conv = Conv::new(16, 16, [1, 600], [1, 3]).dilation([1, dilation]);
        check(&conv.padding([[0, 0], [2 * dilation, 0]]), 1);
        check(&Conv::new(5, 4, [1, 1200], [1, 2]).dilation([1, dilation]), 1);
    }
    check(&Conv::new(1, 20, [1, 2000], [1, 40]).stride([1, 16]).padding([[0, 0], [20, 20]]), 2);
}

#[test]
fn few_positions() {
    // a spectrum: each position reads one contiguous part, some of them behind the signal
    check(&Conv::new(1, 19, [1, 80], [1, 32]).stride([1, 16]), 1);
    check(&Conv::new(1, 19, [1, 80], [1, 33]).stride([1, 16]).padding([[0, 0], [9, 40]]), 1);
    for samples in [1, 2, 3, 8] {
        check(&Conv::new(33, 17, [1, 4], [1, 3]).padding([[0, 0], [1, 1]]).stride([1, 2]), samples);
        check(&Conv::new(17, 9, [1, 1], [1, 1]), samples);
    }
    check(&Conv::new(12, 10, [3, 3], [3, 2]).groups(2).dilation([1, 2]), 2);
}

#[test]
fn transposed_sizes_are_those_of_pytorch() {
    for (stride, dilation, padding, output_padding) in
        [(1, 1, 0, 0), (2, 1, 1, 1), (3, 2, 2, 2), (2, 3, 1, 2), (1, 2, 0, 1)]
    {
        let conv = Conv::new(3, 5, [6, 1], [3, 3])
            .stride([stride; 2])
            .dilation([dilation; 2])
            .padding([[padding, padding]; 2])
            .transposed([output_padding; 2]);
        let expected =
            |n: usize| (n - 1) * stride + dilation * 2 + output_padding + 1 - 2 * padding;
        assert_eq!(conv.input_size(), [expected(6), expected(1)]);
        assert_eq!(conv.output_size(), [6, 1]);
        assert_eq!((conv.output_len(), conv.weight_len()), (18, 135));
        check(&conv, 2);
    }
}

#[test]
fn sizes_are_constants() {
    const CONV: Conv = Conv::new(3, 8, [5, 6], [3, 3]).stride([2, 1]).padding([[1, 1], [0, 2]]);
    const SCRATCH: usize = CONV.forward_scratch() + CONV.input_gradient_scratch();
    let buffer = [0.0_f32; SCRATCH];
    assert!(!buffer.is_empty());
    assert_eq!(CONV.output_size(), [3, 6]);
    assert_eq!(CONV.flops(), 2 * 8 * 27 * 18);
}

#[test]
#[should_panic(expected = "scalars of scratch")]
fn too_little_scratch() {
    struct Short;
    impl Vectorize<f32> for Short {
        type Output = ();
        fn run<S: Simd<f32>>(self, simd: S) {
            let conv = Conv::new(1, 1, [3, 3], [2, 2]);
            forward(simd, &conv, 1, &[0.0; 9][..], &[0.0; 4], None, &mut [0.0; 4][..], &mut []);
        }
    }
    f32::vectorize(InstructionSet::detect(), Short);
}
