//! Compares steps of `Muon` with PyTorch's (`vectors/optimizers.json`, written by the script beside it), which
//! iterates in the scalars of the network there, and once in bfloat16 as it is.

use monograd::layout::{buffer_len, place};
use monograd::optimizer::MuonRate;
use monograd::{Init, Muon, Optimizer, Parameter, Scalar, StepError};
use serde_json::Value;

fn vectors() -> Value {
    let all: Value = serde_json::from_str(include_str!("../../vectors/optimizers.json")).unwrap();
    all["muon"].clone()
}

const fn parameter(name: &'static str, shape: &'static [usize]) -> Parameter {
    Parameter::new(name, shape, Init::Constant(0.0))
}

/// The script's tensors; some of them as a network has them in memory, and two as the iterations of a loop.
fn layout() -> [Parameter; 7] {
    place([
        parameter("a", &[7, 3]).transposed(),
        parameter("b", &[3, 7]).transposed(),
        parameter("c", &[1, 5]),
        parameter("d", &[5, 1]).transposed(),
        parameter("e", &[9, 9]),
        parameter("f", &[4, 6]),
        parameter("g", &[5]).bias(),
    ])
}

/// Returns a list of tensors as one buffer, in the order of memory.
fn buffer<T: Scalar>(tensors: &Value, layout: &[Parameter]) -> Vec<T> {
    let mut buffer = vec![T::ZERO; buffer_len(layout)];
    for (parameter, tensor) in layout.iter().zip(tensors.as_array().unwrap()) {
        let values: Vec<f64> =
            tensor.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
        let (rows, columns) = parameter.matrix_shape();
        let range = parameter.range();
        for (i, to) in buffer[range].iter_mut().enumerate() {
            let from = if parameter.transposed { i % rows * columns + i / rows } else { i };
            *to = T::from_f64(values[from]);
        }
    }
    buffer
}

fn optimizer<T: Scalar>(options: &Value) -> Muon<T> {
    let number = |name: &str, otherwise| options[name].as_f64().unwrap_or(otherwise);
    let rate = match options["adjust_lr_fn"].as_str() {
        None => MuonRate::Original,
        Some("match_rms_adamw") => MuonRate::MatchAdamW,
        Some(_) => MuonRate::Spectral,
    };
    Muon::new(0.1)
        .momentum(number("momentum", 0.95))
        .nesterov(options["nesterov"].as_bool().unwrap_or(true))
        .weight_decay(number("weight_decay", 0.1))
        .iterations(number("ns_steps", 5.0) as usize)
        .rate(rate)
        .adamw_rate(number("adamw_rate", 1.0))
        .matrices("c")
        .matrices("e")
}

fn compare<T: Scalar>(tolerance: f64) {
    let (vectors, layout) = (vectors(), layout());
    for case in vectors["cases"].as_array().unwrap() {
        let mut optimizer = optimizer::<T>(&case["options"]);
        let mut parameters = buffer::<T>(&vectors["start"], &layout);
        for (step, after) in case["after"].as_array().unwrap().iter().enumerate() {
            let gradients = buffer::<T>(&vectors["gradients"][step], &layout);
            optimizer.update(&mut parameters, &gradients, &layout).unwrap();
            close(&parameters, &buffer(after, &layout), tolerance, &case["options"]);
        }
        close(&parameters, &buffer(&case["bfloat16"], &layout), 0.02, &case["options"]);
    }
}

fn close<T: Scalar>(actual: &[T], expected: &[f64], tolerance: f64, what: &Value) {
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let error = (actual.to_f64() - expected).abs();
        assert!(error <= tolerance, "{what}: scalar {i} is {actual}, not {expected}");
    }
}

#[test]
fn steps_of_muon_as_pytorch() {
    compare::<f64>(1e-11);
    compare::<f32>(2e-5);
}

/// Each iteration of a loop has a matrix of its own.
#[test]
fn matrices_of_iterations_are_made_orthogonal_one_by_one() {
    let (rows, columns) = (5, 3);
    let together = place([parameter("{i}.w", &[5, 3]).transposed().iterations(&[2])]);
    let apart = place([parameter("0", &[5, 3]).transposed(), parameter("1", &[5, 3]).transposed()]);
    assert_eq!(buffer_len(&together), buffer_len(&apart));
    let mut gradients = vec![0.0_f64; buffer_len(&apart)];
    for (copy, parameter) in apart.iter().enumerate() {
        for (i, gradient) in gradients[parameter.range()].iter_mut().enumerate() {
            *gradient = ((i * 7 + copy * 5) % 11) as f64 - 4.0;
        }
    }
    let run = |layout: &[Parameter]| {
        let mut parameters = vec![0.0; gradients.len()];
        Muon::new(1.0).update(&mut parameters, &gradients, layout).unwrap();
        parameters
    };
    let parameters = run(&together);
    assert_eq!(parameters, run(&apart));
    // the columns of the step are nearly orthogonal, and of length about 1
    let step = &parameters[..rows * columns];
    let scale = (5.0_f64 / 3.0).sqrt();
    for a in 0..columns {
        for b in 0..columns {
            let dot: f64 = (0..rows).map(|i| step[a * rows + i] * step[b * rows + i]).sum();
            let dot = dot / scale / scale;
            let fits = if a == b { (0.4..1.6).contains(&dot) } else { dot.abs() < 0.3 };
            assert!(fits, "{a} {b}: {dot}");
        }
    }
}

#[test]
fn a_choice_that_matches_nothing_is_an_error() {
    let layout = place([parameter("fc.weight", &[4, 4]).transposed()]);
    let update = |mut optimizer: Muon<f32>| {
        optimizer.update(&mut [0.0; 16], &[1.0; 16], &layout).unwrap_err().to_string()
    };
    let text = "the optimiser has a group for `fc.wieght`, but no parameter is called so; did you mean \
                `fc.weight`?";
    assert_eq!(update(Muon::new(0.1).adamw("fc.wieght")), text);
    assert!(update(Muon::new(0.1).matrices("fc.{")).contains("has a brace"));
    let error = Muon::new(0.1).momentum(1.0).update(&mut [0.0_f32; 16], &[1.0; 16], &layout);
    assert!(matches!(error, Err(StepError::Option { option: "momentum", .. })));
}
