//! Compares values and gradients with PyTorch's (`vectors/kinks.json`, written by the script beside it).

use monograd::Scalar;
use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Column, Fed};
use serde_json::Value;

network! {
    /// One row per operation, of values that include all kinks and ties.
    Choices(x: [9]) -> [17, 9] {
        let v = param([17, 9], init = zeros);
        let w = param([17, 9], init = zeros);
        let a = x * v;
        let b = x * w;
        let chosen = select(a[14] > 0, sqrt(maximum(a[14], 0)), a[14]);
        let triangle = sqrt(tril(abs(reshape(a[15], [3, 3])) + 1));
        stack(
            sqrt(a[0] >> Relu), log(a[1] >> Relu), sqrt(a[2] >> HardSigmoid), a[3] >> HardSwish,
            a[4] >> LeakyRelu, Elu(a[5]) - Selu(a[5]), abs(a[6]) * a[6], abs(a[7]),
            clamp(a[8], -1, 1), sqrt(clamp(a[9], 0, 3)), sqrt(maximum(a[10], 0)),
            sqrt(-minimum(a[11], 0)), maximum(a[12], b[12]), minimum(a[13], b[13]), chosen,
            reshape(triangle, [9]), sqrt(pad(square(a[16, ..7]) + 1, [(1, 1)]))
        )
    }
    loss |y, t: [17, 9]| sum(y * t)

    /// Elementwise losses, summed over a row of nine: 9 times their mean.
    Robust(x: [9]) -> [3, 9] {
        let v = param([3, 9], init = zeros);
        x * v
    }
    loss |y, t: [3]| 9 * sum(stack(
        huber(y[0], zeros([9]), delta = 3), smooth_l1(y[1], zeros([9]), beta = 0.5), l1(y[2], zeros([9]))
    ) * t)

    /// Reductions of rows that are zero, have ties, or are constant.
    Rows(x: [3]) -> [80] {
        let m = param([17, 4, 3], init = zeros);
        let a = x * m;
        let other = a[15, 2] * a[15] + 1;
        concat(
            max(a[0], axis = 1), sqrt(max(a[1], axis = 1)), min(a[2], axis = 1), std(a[3], axis = 1),
            std(a[4], axis = 1, correction = 0), var(a[5], axis = 1), norm(a[6], axis = 1),
            norm(a[7], axis = -1, p = 1), norm(a[8], axis = 1, p = 0.5), norm(a[9], axis = 1, p = 3),
            norm(a[10], axis = 1, p = inf), norm(a[11], axis = 0), reshape(norm(a[12]), [1]),
            reshape(normalize(a[13]), [12]), reshape(normalize(a[14], axis = 0, p = 1, eps = 5), [12]),
            cosine_similarity(a[15], other), cosine_similarity(a[16], [1, 2, 3], axis = 1, eps = 2)
        )
    }
    loss |y, t: [80]| sum(y * t)

    /// Rows whose squares are out of range.
    Far(x: [4]) -> [42] {
        let m = param([4, 6, 4], init = zeros);
        let a = x * m;
        let units = reshape(normalize(a[2], eps = 1e-35), [24]);
        concat(std(a[0], axis = 1), norm(a[1], axis = 1), units, cosine_similarity(a[3], flip(a[3], axis = 1)))
    }
    loss |y, t: [42]| sum(y * t)
}

/// Parses the numbers of a case, which are strings, since JSON has no infinities.
fn numbers(texts: &Value) -> Vec<f64> {
    texts.as_array().unwrap().iter().map(|x| x.as_str().unwrap().parse().unwrap()).collect()
}

/// Compares with `tolerance` relative to the largest finite number of each `row` numbers.
#[track_caller]
fn close<T: Scalar>(what: &str, actual: &[T], expected: &[f64], row: usize, tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (actual, expected) in actual.chunks(row).zip(expected.chunks(row)) {
        let finite = expected.iter().filter(|x| x.is_finite());
        let largest = finite.fold(f64::MIN_POSITIVE, |a, b| a.max(b.abs()));
        for (actual, expected) in actual.iter().zip(expected) {
            let actual = actual.to_f64();
            let same = actual == *expected || actual.is_nan() && expected.is_nan();
            let near = (actual - expected).abs() <= tolerance * largest + 1e-44;
            assert!(same || near, "{what}: {actual:e}, not {expected:e}, in {expected:e}");
        }
    }
}

/// Compares all cases, each of which sets the given parameters.
fn compare<N, T>(mut net: N, cases: &[&str], parameters: &[&str], tolerance: f64)
where
    T: Scalar,
    N: Trainable<Scalar = T, Output = Tensor<T>>,
    for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let vectors: Value = serde_json::from_str(include_str!("../../../vectors/kinks.json")).unwrap();
    for (index, parameter) in parameters.iter().enumerate() {
        let inputs = cases.iter().flat_map(|case| numbers(&vectors[case]["inputs"][index]));
        let inputs: Vec<T> = inputs.map(T::from_f64).collect();
        net.parameters_mut().get(parameter).unwrap().as_mut_slice().copy_from_slice(&inputs);
    }
    let weights = cases.iter().flat_map(|case| 1..=numbers(&vectors[case]["value"]).len());
    let weights = weights.map(|weight| T::from_f64(weight as f64)).collect();
    let ones = vec![T::ONE; N::INPUTS[0].len()];
    let (x, t) = [ones, weights].map(|numbers| Batch::new(vec![Column::Reals(numbers)])).into();
    let y = net.forward(x.feed()).unwrap();
    let (_, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
    let (mut values, mut places) = (y.as_slice(), vec![0; parameters.len()]);
    for case in cases {
        let expected = numbers(&vectors[case]["value"]);
        if values.len() >= expected.len() {
            let (own, rest) = values.split_at(expected.len());
            close(case, own, &expected, expected.len().min(4), tolerance);
            values = rest;
        }
        for (index, (parameter, place)) in parameters.iter().zip(&mut places).enumerate() {
            let expected = numbers(&vectors[case]["gradients"][index]);
            let gradient = gradients.get(parameter).unwrap();
            let own = &gradient.as_slice()[*place..][..expected.len()];
            let row = if expected.len() == 24 { 4 } else { expected.len() };
            close(&format!("d {case}"), own, &expected, row, tolerance);
            *place += expected.len();
        }
    }
}

macro_rules! parity {
    ($($test:ident $Net:ident $parameters:expr, [$($case:ident)*])*) => {$(
        #[test]
        fn $test() {
            let cases = [$(stringify!($case)),*];
            compare::<$Net, f32>($Net::init(0), &cases, &$parameters, 5e-6);
            compare::<$Net<f64>, f64>($Net::init(0).cast(), &cases, &$parameters, 1e-12);
        }
    )*};
}
parity! {
    choices Choices ["v", "w"], [
        relu log_relu hard_sigmoid hard_swish leaky elu abs slope_of_abs clamp root_of_clamp maximum
        minimum larger smaller where triangle padded
    ]
    rows Rows ["m"], [
        max root_of_max min std std0 var norm norm1 norm_half norm3 norm_inf norm_columns norm_all
        normalize normalize1 cosine cosine_eps
    ]
    out_of_range Far ["m"], [extreme_std extreme_norm extreme_normalize extreme_cosine]
}

#[test]
fn losses() {
    let vectors: Value = serde_json::from_str(include_str!("../../../vectors/kinks.json")).unwrap();
    let mut net = Robust::init(0).cast::<f64>();
    for (row, case) in ["huber", "smooth_l1", "l1"].iter().enumerate() {
        let case = &vectors[case];
        let inputs = numbers(&case["inputs"][0]);
        net.parameters_mut().get("v").unwrap().as_mut_slice()[9 * row..][..9]
            .copy_from_slice(&inputs);
        let mut only = [0.0; 3];
        only[row] = 1.0;
        let (loss, gradients) = net.gradients(&[1.0; 9][..], &only[..]).unwrap();
        close("loss", &[loss], &numbers(&case["value"]), 1, 1e-12);
        let gradient = gradients.get("v").unwrap();
        close(
            "gradient",
            &gradient.as_slice()[9 * row..][..9],
            &numbers(&case["gradients"][0]),
            9,
            1e-12,
        );
    }
}
