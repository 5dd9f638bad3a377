//! Compares convolutions, pooling and resizing with PyTorch (`tests/vectors/kernels.json`, written by the
//! script beside it).

use super::conv::{self, Conv};
use super::pool::{self, Adaptive, Pool, Resize};
use super::{Store, conv::bias_gradient};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use serde_json::Value;

const SAMPLES: usize = 2;

fn cases(kind: &str) -> Vec<Value> {
    let all = include_str!("../../../tests/vectors/kernels.json");
    let all: Value = serde_json::from_str(all).unwrap();
    all[kind].as_array().unwrap().clone()
}

/// Returns the elements of an operand, as in the script.
fn operand<T: Scalar>(number: usize, len: usize) -> Vec<T> {
    let value = |i: usize| ((7919 * i + 31 * number) % 1009) as f64 / 504.5 - 1.0;
    (0..len).map(|i| T::from_f64(value(i))).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn pair(value: &Value) -> [usize; 2] {
    [number(&value[0]), number(&value[1])]
}

#[track_caller]
fn close<T: Scalar>(what: &str, case: &Value, actual: &[T], expected: &Value) {
    let tolerance = if T::BYTES == 4 { 1e-5 } else { 1e-10 };
    let expected = expected.as_array().unwrap();
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let (a, e) = (actual.to_f64(), expected.as_f64().unwrap_or(f64::NAN));
        let near = a.is_nan() && e.is_nan() || (a - e).abs() <= tolerance * (1.0 + e.abs());
        let mut case = case.clone();
        let case = case.as_object_mut().unwrap();
        case.retain(|name, _| name != "output" && name != "gradients");
        assert!(near, "{what} {i} of {case:?}: {a}, not {e}");
    }
}

/// Calls `check` with every case on every instruction set, in both precisions.
macro_rules! on_every_case {
    ($test:ident, $kind:literal, $check:ident) => {
        #[test]
        fn $test() {
            struct Check<'a>(&'a Value);
            impl<T: Scalar> Vectorize<T> for Check<'_> {
                type Output = ();
                fn run<S: Simd<T>>(self, simd: S) {
                    $check(simd, self.0);
                }
            }
            let cases = cases($kind);
            assert!(!cases.is_empty());
            for case in &cases {
                for set in InstructionSet::available() {
                    f32::vectorize(set, Check(case));
                    f64::vectorize(set, Check(case));
                }
            }
        }
    };
}

on_every_case!(convolutions, "convolutions", convolution);
on_every_case!(poolings, "pooling", pooling);
on_every_case!(adaptive_averages, "adaptive", adaptive);
on_every_case!(resizings, "resizing", resizing);

fn convolution<T: Scalar, S: Simd<T>>(simd: S, case: &Value) {
    let (channels, outputs) = (number(&case["channels"]), number(&case["outputs"]));
    let conv = Conv::new(channels, outputs, pair(&case["size"]), pair(&case["kernel"]))
        .groups(number(&case["groups"]))
        .stride(pair(&case["stride"]))
        .dilation(pair(&case["dilation"]))
        .padding([pair(&case["padding"][0]), pair(&case["padding"][1])]);
    let weight = operand::<T>(2, conv.weight_len());
    let bias = operand::<T>(3, outputs);
    let (mut dw, mut db) = (vec![T::ZERO; weight.len()], vec![T::ZERO; outputs]);
    let (mut y, mut dx);
    let set = Store::Set;
    if case["transposed"].is_null() {
        assert_eq!(conv.output_size(), pair(&case["output_size"]));
        let x = operand::<T>(1, SAMPLES * conv.input_len());
        let dy = operand::<T>(9, SAMPLES * conv.output_len());
        (y, dx) = (vec![T::ZERO; dy.len()], vec![T::ZERO; x.len()]);
        let room = &mut vec![T::ZERO; conv.forward_scratch()];
        conv::forward(simd, &conv, SAMPLES, &x[..], &weight, Some(&bias), &mut y[..], room);
        let room = &mut vec![T::ZERO; conv.input_gradient_scratch()];
        conv::input_gradient(simd, &conv, SAMPLES, &dy[..], &weight, &mut dx[..], set, room);
        let room = &mut vec![T::ZERO; conv.weight_gradient_scratch()];
        conv::weight_gradient(simd, &conv, SAMPLES, &x[..], &dy[..], &mut dw, set, room);
        bias_gradient(simd, SAMPLES, conv.output_len() / outputs, &dy[..], &mut db, set);
    } else {
        let conv = conv.transposed(pair(&case["transposed"]));
        assert_eq!(conv.input_size(), pair(&case["output_size"]));
        let x = operand::<T>(1, SAMPLES * conv.output_len());
        let dy = operand::<T>(9, SAMPLES * conv.input_len());
        (y, dx) = (vec![T::ZERO; dy.len()], vec![T::ZERO; x.len()]);
        let room = &mut vec![T::ZERO; conv.input_gradient_scratch()];
        conv::transposed(simd, &conv, SAMPLES, &x[..], &weight, Some(&bias), &mut y[..], room);
        let room = &mut vec![T::ZERO; conv.forward_scratch()];
        conv::forward(simd, &conv, SAMPLES, &dy[..], &weight, None, &mut dx[..], room);
        let room = &mut vec![T::ZERO; conv.weight_gradient_scratch()];
        conv::weight_gradient(simd, &conv, SAMPLES, &dy[..], &x[..], &mut dw, set, room);
        bias_gradient(simd, SAMPLES, conv.input_len() / outputs, &dy[..], &mut db, set);
    }
    close("output", case, &y, &case["output"]);
    close("gradient of x", case, &dx, &case["gradients"][0]);
    close("gradient of weight", case, &dw, &case["gradients"][1]);
    close("gradient of bias", case, &db, &case["gradients"][2]);
}

fn pooling<T: Scalar, S: Simd<T>>(simd: S, case: &Value) {
    let padding = pair(&case["padding"]).map(|padding| [padding, padding]);
    let mut pool = Pool::new(2, pair(&case["size"]), pair(&case["kernel"]))
        .stride(pair(&case["stride"]))
        .dilation(pair(&case["dilation"]))
        .padding(padding)
        .ceil(case["ceil"].as_bool().unwrap())
        .count_padding(case["count_padding"].as_bool().unwrap());
    if !case["divisor"].is_null() {
        pool = pool.divisor(number(&case["divisor"]));
    }
    assert_eq!(pool.output_size(), pair(&case["output_size"]));
    let mut x = operand::<T>(1, SAMPLES * pool.input_len());
    match case["special"].as_str() {
        Some("nan") => x.iter_mut().step_by(5).for_each(|x| *x = T::from_f64(f64::NAN)),
        Some("equal") => {
            let round = |x: &mut T| *x = T::from_f64((x.to_f64() * 2.0).round_ties_even());
            x.iter_mut().for_each(round);
        }
        _ => {}
    }
    let dy = operand::<T>(9, SAMPLES * pool.output_len());
    let (mut y, mut dx) = (vec![T::ZERO; dy.len()], vec![T::ZERO; x.len()]);
    let room = &mut vec![T::ZERO; pool.scratch()];
    let (x, dy, dx_rows, set) = (&x[..], &dy[..], &mut dx[..], Store::Set);
    if case["kind"] == "max" {
        pool::max(simd, &pool, SAMPLES, x, &mut y[..], room);
        pool::max_gradient(simd, &pool, SAMPLES, x, dy, dx_rows, set);
    } else {
        pool::average(simd, &pool, SAMPLES, x, &mut y[..], room);
        pool::average_gradient(simd, &pool, SAMPLES, dy, dx_rows, set, room);
    }
    close("output", case, &y, &case["output"]);
    close("gradient", case, &dx, &case["gradients"][0]);
}

fn adaptive<T: Scalar, S: Simd<T>>(simd: S, case: &Value) {
    let pool = Adaptive::new(2, pair(&case["size"]), pair(&case["output_size"]));
    let x = operand::<T>(1, SAMPLES * pool.input_len());
    let dy = operand::<T>(9, SAMPLES * pool.output_len());
    let (mut y, mut dx) = (vec![T::ZERO; dy.len()], vec![T::ZERO; x.len()]);
    let (room, set) = (&mut vec![T::ZERO; pool.scratch()], Store::Set);
    pool::adaptive_average(simd, &pool, SAMPLES, &x[..], &mut y[..], room);
    pool::adaptive_average_gradient(simd, &pool, SAMPLES, &dy[..], &mut dx[..], set, room);
    close("output", case, &y, &case["output"]);
    close("gradient", case, &dx, &case["gradients"][0]);
}

fn resizing<T: Scalar, S: Simd<T>>(simd: S, case: &Value) {
    let size = pair(&case["size"]);
    let resize = match case["factor"].as_array() {
        Some(factor) => {
            Resize::by(2, size, [factor[0].as_f64().unwrap(), factor[1].as_f64().unwrap()])
        }
        None => Resize::to(2, size, pair(&case["output_size"])),
    };
    let resize = match case["align_corners"].as_bool() {
        Some(align_corners) => resize.bilinear(align_corners),
        None => resize,
    };
    assert_eq!(resize.output_size(), pair(&case["output_size"]));
    let x = operand::<T>(1, SAMPLES * resize.input_len());
    let dy = operand::<T>(9, SAMPLES * resize.output_len());
    let (mut y, mut dx) = (vec![T::ZERO; dy.len()], vec![T::ZERO; x.len()]);
    pool::resize(simd, &resize, SAMPLES, &x[..], &mut y[..]);
    pool::resize_gradient(simd, &resize, SAMPLES, &dy[..], &mut dx[..], Store::Set);
    close("output", case, &y, &case["output"]);
    close("gradient", case, &dx, &case["gradients"][0]);
}
