use super::super::{
    CrossEntropy, IGNORE_INDEX, accuracy_rows, cross_entropy, cross_entropy_gradient, exponentials,
};
use super::*;
use crate::kernels::dense::{self, Shape};
use crate::simd::every_set::on_every_set;

fn numbers<T: Scalar>(len: usize, seed: usize) -> Vec<T> {
    (0..len).map(|i| T::from_f64((((i + seed) * 7919 % 1009) as f64 - 504.0) / 300.0)).collect()
}

/// Everything that there is to compute.
#[derive(Debug)]
struct All<T> {
    losses: Vec<T>,
    right: Vec<T>,
    x: Vec<T>,
    weight: Vec<T>,
    bias: Vec<T>,
}

impl<T: Scalar> All<T> {
    /// Returns buffers, with gradients to be added to.
    fn before(head: &Head) -> Self {
        let Head { rows, inputs, classes, .. } = *head;
        let nan = T::from_f64(f64::NAN);
        Self {
            losses: vec![nan; rows],
            right: vec![nan; rows],
            x: vec![nan; rows * inputs],
            weight: numbers(inputs * classes, 3),
            bias: numbers(classes, 4),
        }
    }

    fn parts(&self) -> [&[T]; 5] {
        [&self.losses, &self.right, &self.x, &self.weight, &self.bias].map(Vec::as_slice)
    }
}

/// The same with all logits in memory.
fn unfused<T: Scalar, S: Simd<T>>(
    simd: S,
    head: &Head,
    operands: &Operands<'_, T>,
    scales: &[T],
) -> All<T> {
    let Head { rows, inputs, classes, transposed } = *head;
    let &Operands { x, weight, bias, targets, options } = operands;
    let turn = |from: &[T], [rows, columns]: [usize; 2]| -> Vec<T> {
        (0..rows * columns).map(|i| from[i % rows * columns + i / rows]).collect()
    };
    let weight = match transposed {
        true => turn(weight, [classes, inputs]),
        false => weight.to_vec(),
    };
    let shape = Shape { rows, inputs, outputs: classes };
    let (mut logits, mut e) = (vec![T::ZERO; rows * classes], vec![T::ZERO; rows * classes]);
    let mut all = All::before(head);
    dense::forward(simd, shape, x, &weight[..], bias, &mut logits[..]);
    accuracy_rows(rows, classes, &logits[..], targets, options, &mut all.right);
    exponentials(simd, rows, classes, &logits[..], &mut e);
    cross_entropy(simd, rows, classes, &logits[..], &e, targets, options, &mut all.losses);
    let mut d = vec![T::ZERO; rows * classes];
    cross_entropy_gradient(simd, rows, classes, &e, targets, options, T::ONE, &mut d[..]);
    for (d, &scale) in d.chunks_mut(classes).zip(scales) {
        d.iter_mut().for_each(|d| *d *= scale);
    }
    dense::input_gradient(simd, shape, &d[..], &weight[..], &mut all.x[..], Store::Set);
    if transposed {
        all.weight = turn(&all.weight, [classes, inputs]);
    }
    dense::weight_gradient(simd, shape, x, &d[..], &mut all.weight, Store::Add);
    if transposed {
        all.weight = turn(&all.weight, [inputs, classes]);
    }
    dense::bias_gradient(simd, rows, classes, &d[..], &mut all.bias, Store::Add);
    all
}

/// Computes everything with memory for the logits of `height` rows.
fn fused<T: Scalar, S: Simd<T>>(
    simd: S,
    head: &Head,
    operands: &Operands<'_, T>,
    scale: Scale<'_, T>,
    height: usize,
) -> All<T> {
    let mut all = All::before(head);
    let mut scratch = vec![T::from_f64(f64::NAN); height * head.classes];
    let gradients = Gradients {
        scale,
        x: Some((&mut all.x, Store::Set)),
        weight: Some((&mut all.weight, Store::Add)),
        bias: Some((&mut all.bias, Store::Add)),
    };
    let results = Results {
        losses: Some(&mut all.losses),
        right: Some((&mut all.right, operands.options)),
        gradients: Some(gradients),
    };
    linear_cross_entropy(simd, head, operands, results, &mut scratch);
    // the same losses without gradients
    let mut losses = vec![T::from_f64(f64::NAN); head.rows];
    let results = Results { losses: Some(&mut losses), right: None, gradients: None };
    linear_cross_entropy(simd, head, operands, results, &mut scratch);
    assert_near(&losses, &all.losses, 1e-5, "losses alone");
    all
}

fn assert_near<T: Scalar>(actual: &[T], expected: &[T], tolerance: f64, what: &str) {
    assert_eq!(actual.len(), expected.len());
    for (i, (a, b)) in actual.iter().zip(expected).enumerate() {
        let (a, b) = (a.to_f64(), b.to_f64());
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{what} {i}: {a}, not {b}");
    }
}

fn compare<T: Scalar, S: Simd<T>>(simd: S, tolerance: f64) {
    for (inputs, classes) in [(1, 1), (3, 7), (17, 33), (5, 300), (64, 129)] {
        let weights: Vec<T> = numbers::<T>(classes, 9).iter().map(|w| *w * *w).collect();
        for rows in [0, 1, 2, 7, 33] {
            // small enough for logits that lose no digits in f32
            let part = T::from_f64(1.0 / inputs as f64);
            let x: Vec<T> = numbers(rows * inputs, 1).into_iter().map(|x: T| x * part).collect();
            let weight = numbers(inputs * classes, 2);
            let (bias, scales): (Vec<T>, Vec<T>) = (numbers(classes, 5), numbers(rows, 6));
            let targets: Vec<u32> = (0..rows)
                .map(|r| if r % 5 == 3 { IGNORE_INDEX } else { (r * 5 % classes) as u32 })
                .collect();
            for (case, height) in [1, 2, 5, 64].into_iter().enumerate() {
                let smooth = T::from_f64(if case % 2 == 0 { 0.0 } else { 0.1 });
                let options = CrossEntropy {
                    label_smoothing: smooth,
                    class_weights: (case > 1).then_some(&weights[..]),
                    ..CrossEntropy::default()
                };
                let operands = Operands {
                    x: &x,
                    weight: &weight,
                    bias: (case != 2).then_some(&bias[..]),
                    targets: &targets,
                    options: &options,
                };
                for transposed in [false, true] {
                    let head = Head { rows, inputs, classes, transposed };
                    let half = T::from_f64(0.5);
                    for (scale, scales) in
                        [(Scale::All(half), &vec![half; rows]), (Scale::Rows(&scales), &scales)]
                    {
                        let expected = unfused(simd, &head, &operands, scales);
                        let actual = fused(simd, &head, &operands, scale, height);
                        for (actual, expected) in actual.parts().into_iter().zip(expected.parts()) {
                            let what = format!("{head:?} {height}");
                            assert_near(actual, expected, tolerance, &what);
                        }
                    }
                }
            }
        }
    }
}

on_every_set! {
    #[test]
    fn is_the_cross_entropy_of_the_logits(simd: f64) {
        compare(simd, 1e-12);
    }
}

on_every_set! {
    #[test]
    fn is_the_cross_entropy_of_the_logits_in_f32(simd: f32) {
        compare(simd, 1e-5);
    }
}

on_every_set! {
    #[test]
    fn large_logits_cost_what_they_should(simd: f32) {
        let head = Head { rows: 3, inputs: 1, classes: 3, transposed: false };
        let options = CrossEntropy::default();
        let operands = Operands {
            x: &[1.0; 3],
            weight: &[1e4, -1e4, 0.0],
            bias: None,
            targets: &[0, 1, 2],
            options: &options,
        };
        let all = fused(simd, &head, &operands, Scale::All(1.0), 2);
        assert_eq!(all.losses, [0.0, 2e4, 1e4]);
        assert_eq!(all.right, [1.0, 0.0, 0.0]);
        // the gradients of the logits are [0, 0, 0], [1, -1, 0] and [1, 0, -1]
        assert_eq!(all.x, [0.0, 2e4, 1e4]);
    }
}

#[test]
fn the_scratch_holds_some_rows() {
    // 12 MiB of f32 for GPT-2's vocabulary
    let len = linear_scratch([50_257]);
    assert!(len.is_multiple_of(50_257) && len * 4 <= 12 << 20 && len * 4 > 11 << 20);
    assert_eq!(linear_scratch([1_000_000]), 32_000_000);
    assert_eq!(linear_scratch([10]), 2560);
    assert_eq!(linear_scratch([0]), 0);
    assert_eq!(linear_scratch([usize::MAX]), usize::MAX);
}
