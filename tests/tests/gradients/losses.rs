//! Compares losses and softmax with PyTorch's values and gradients (`vectors/losses.json`, written by
//! the script beside it).

use monograd::__private::Store;
use monograd::__private::loss::{
    CrossEntropy, bce_with_logits, cross_entropy, cross_entropy_gradient, exponentials,
};
use monograd::__private::reduce::{logsumexp_rows, logsumexp_rows_gradient};
use monograd::__private::softmax::{
    log_softmax, log_softmax_gradient, softmax, softmax_gradient, softmax_in_place,
};
use monograd::{Dual, Plain, Scalar, Simd};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/losses.json")).unwrap()
}

/// Parses a number, or a string for one that is not finite.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(name) => name.parse().unwrap(),
        value => value.as_f64().unwrap(),
    }
}

fn scalars<T: Scalar>(values: &Value) -> Vec<T> {
    values.as_array().unwrap().iter().map(|x| T::from_f64(number(x))).collect()
}

#[track_caller]
fn close<T: Scalar>(what: &str, actual: &[T], expected: &Value, tolerance: f64) {
    let expected: Vec<f64> = scalars(expected);
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let actual = actual.to_f64();
        let same = actual == expected || actual.is_nan() && expected.is_nan();
        let near = (actual - expected).abs() <= tolerance * expected.abs().max(1.0);
        assert!(same || near, "{what}[{i}] is {actual}, not {expected}");
    }
}

fn classes<T: Scalar>(tolerance: f64)
where
    Plain: Simd<T>,
{
    for case in vectors()["cross_entropy"].as_array().unwrap() {
        let n = case["classes"].as_u64().unwrap() as usize;
        let logits: Vec<T> = scalars(&case["logits"]);
        let targets: Vec<u32> = case["targets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t.as_u64().unwrap() as u32)
            .collect();
        let weights: Option<Vec<T>> =
            (!case["class_weights"].is_null()).then(|| scalars(&case["class_weights"]));
        let options = CrossEntropy {
            ignore_index: case["ignore_index"].as_u64().map(|i| i as u32),
            label_smoothing: T::from_f64(number(&case["label_smoothing"])),
            class_weights: weights.as_deref(),
        };
        let (rows, mean) = (targets.len(), T::ONE / options.weight(&targets));

        let nan = T::from_f64(f64::NAN);
        let (mut e, mut losses, mut d) =
            (vec![nan; rows * n], vec![nan; rows], vec![nan; rows * n]);
        exponentials(Plain, rows, n, &logits[..], &mut e);
        cross_entropy(Plain, rows, n, &logits[..], &e, &targets, &options, &mut losses);
        let loss = mean * losses.into_iter().sum::<T>();
        close("loss", &[loss], &Value::from(vec![case["loss"].clone()]), tolerance);
        cross_entropy_gradient(Plain, rows, n, &e, &targets, &options, mean, &mut d[..]);
        close("gradient", &d, &case["gradient"], tolerance);
    }
}

#[test]
fn classes_as_pytorch() {
    classes::<f64>(1e-13);
    classes::<f32>(1e-6);
}

fn rows<T: Scalar>(tolerance: f64)
where
    Plain: Simd<T>,
{
    let vectors = vectors();
    let case = &vectors["rows"];
    let n = case["n"].as_u64().unwrap() as usize;
    let (x, dy): (Vec<T>, Vec<T>) = (scalars(&case["x"]), scalars(&case["dy"]));
    let rows = x.len() / n;

    let mut y = vec![T::ZERO; rows * n];
    softmax(Plain, rows, n, &x[..], &mut y[..]);
    close("softmax", &y, &case["softmax"], tolerance);
    let mut in_place = x.clone();
    softmax_in_place(Plain, rows, n, &mut in_place);
    close("softmax in place", &in_place, &case["softmax"], tolerance);
    let mut log_y = vec![T::ZERO; rows * n];
    log_softmax(Plain, rows, n, &x[..], &mut log_y[..]);
    close("log_softmax", &log_y, &case["log_softmax"], tolerance);
    let mut sums = vec![T::ZERO; rows];
    logsumexp_rows(Plain, rows, n, &x[..], &mut sums[..]);
    close("logsumexp", &sums, &case["logsumexp"], tolerance);

    // gradients: of the rows without +inf and NaN, and 0 for elements that are -inf
    let expected = &case["softmax_gradient"];
    let rows = expected.as_array().unwrap().len() / n;
    let len = rows * n;
    let masked: Vec<T> =
        x[..len].iter().zip(&dy).map(|(x, &dy)| if x.is_finite() { dy } else { T::ZERO }).collect();
    let mut dx = vec![T::ZERO; len];
    softmax_gradient(Plain, rows, n, &y[..len], &masked[..], &mut dx[..], Store::Set);
    close("softmax gradient", &dx, expected, tolerance);
    log_softmax_gradient(Plain, rows, n, &log_y[..len], &masked[..], &mut dx[..], Store::Set);
    close("log_softmax gradient", &dx, &case["log_softmax_gradient"], tolerance);
    let heads: Vec<T> = (0..rows).map(|row| dy[row * n]).collect();
    logsumexp_rows_gradient(Plain, rows, n, &x[..len], &heads[..], &mut dx[..], Store::Set);
    // PyTorch computes e^(x - y), which loses four digits if y is 1e4
    close("logsumexp gradient", &dx, &case["logsumexp_gradient"], tolerance.max(1e-12));
}

#[test]
fn rows_as_pytorch() {
    rows::<f64>(1e-14);
    rows::<f32>(2e-6);
}

#[test]
fn binary_cross_entropy_as_pytorch() {
    for case in vectors()["bce_with_logits"].as_array().unwrap() {
        let x: Vec<f64> = scalars(&case["x"]);
        let target = Dual { value: number(&case["target"]), derivative: 0.0 };
        let loss: Vec<Dual<f64>> =
            x.into_iter().map(|x| bce_with_logits(Dual::variable(x), target)).collect();
        let values: Vec<f64> = loss.iter().map(|loss| loss.value).collect();
        let slopes: Vec<f64> = loss.iter().map(|loss| loss.derivative).collect();
        close("loss", &values, &case["loss"], 1e-14);
        close("gradient", &slopes, &case["gradient"], 1e-14);
    }
}
