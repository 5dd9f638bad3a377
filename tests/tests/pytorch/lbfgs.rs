//! Compares `Lbfgs` with PyTorch's (`vectors/optimizers.json`, written by the script beside it), call by call.

use monograd::layout::{buffer_len, place};
use monograd::prelude::*;
use monograd::{Init, Parameter};
use serde_json::Value;

fn vectors() -> Value {
    let all: Value = serde_json::from_str(include_str!("../../vectors/optimizers.json")).unwrap();
    all["lbfgs"].clone()
}

/// The script's functions, with their gradients.
fn function(name: &str, x: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut value = 0.0;
    if name == "rosenbrock" {
        for i in 0..x.len() - 1 {
            let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
            value += 100.0 * b * b + a * a;
            gradient[i] += -2.0 * a - 400.0 * x[i] * b;
            gradient[i + 1] += 200.0 * b;
        }
        return value;
    }
    let rest = x.iter().sum::<f64>() - 2.0;
    for (i, (x, gradient)) in x.iter().zip(gradient).enumerate() {
        let scale = (i + 1) as f64;
        let away = x - 1.0 / scale;
        value += scale * away * away + 0.1 * x.powi(4);
        *gradient = 2.0 * scale * away + 0.4 * x.powi(3) + 2.0 * rest;
    }
    value + rest * rest
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn optimizer(options: &Value) -> Lbfgs<f64> {
    let whole = |name: &str, otherwise| options[name].as_u64().unwrap_or(otherwise) as usize;
    Lbfgs::new()
        .line_search(options.get("line_search_fn").is_some())
        .learning_rate(options["lr"].as_f64().unwrap_or(1.0))
        .iterations(whole("max_iter", 20))
        .history(whole("history_size", 100))
}

#[test]
fn calls_of_lbfgs_as_pytorch() {
    for case in vectors().as_array().unwrap() {
        let (name, mut x) = (case["function"].as_str().unwrap(), numbers(&case["start"]));
        let mut optimizer = optimizer(&case["options"]);
        let calls = case["after"].as_array().unwrap();
        for (call, after) in calls.iter().enumerate() {
            optimizer
                .minimize_function(&mut x, |x, gradient| Ok(function(name, x, gradient)))
                .unwrap();
            for (actual, expected) in x.iter().zip(numbers(after)) {
                let error = (actual - expected).abs();
                assert!(
                    error <= 1e-7,
                    "{name} {}, call {call}: {actual}, not {expected}",
                    case["options"]
                );
            }
        }
    }
}

/// One iteration a step, as an optimiser of a network.
#[test]
fn steps_of_fixed_length_as_pytorch() {
    let vectors = vectors();
    let one = |case: &&Value| case["options"]["max_iter"] == 1;
    let case = vectors.as_array().unwrap().iter().find(one).unwrap();
    let layout = place([Parameter::new("x", &[7], Init::Constant(0.0))]);
    let mut x = vec![0.0; buffer_len(&layout)];
    x[..7].copy_from_slice(&numbers(&case["start"]));
    let mut optimizer = optimizer(&case["options"]);
    for (step, after) in case["after"].as_array().unwrap().iter().enumerate() {
        let mut gradient = vec![f64::NAN; x.len()]; // gaps have no meaning
        function("quartic", &x[..7], &mut gradient[..7]);
        if step == 6 {
            // its state is moved to another
            let states = optimizer.states().into_iter();
            let states = states.map(|(name, state)| (name.to_owned(), state.to_vec())).collect();
            let mut other = self::optimizer(&case["options"]);
            other.restore(Optimizer::<f64>::steps(&optimizer), states, &layout).unwrap();
            optimizer = other;
        }
        optimizer.update(&mut x, &gradient, &layout).unwrap();
        for (actual, expected) in x.iter().zip(numbers(after)) {
            assert!((actual - expected).abs() <= 1e-9, "step {step}: {actual}, not {expected}");
        }
        assert!(x[7..].iter().all(|gap| *gap == 0.0));
    }
}

#[test]
fn a_network_reaches_the_minimum() {
    use super::optimizers::networks::First;
    let x: Vec<f64> = (0..40).map(|i| f64::from(i * i % 13) / 6.0 - 1.0).collect();
    // a linear function of the inputs, which the network can be
    let y: Vec<f64> = x.chunks(4).flat_map(|x| [x[0] + 1.0, x[1] - x[2], 0.5, x[3]]).collect();
    let mut net = First::init(1).cast::<f64>();
    let mut optimizer = Lbfgs::new();
    let mut last = f64::INFINITY;
    for _ in 0..10 {
        let loss = optimizer.minimize(&mut net, &x, &y).unwrap();
        assert!(loss <= last, "{loss} after {last}");
        assert!((net.loss(&x, &y).unwrap() - loss).abs() < 1e-12);
        last = loss;
    }
    assert!(last < 1e-9, "{last}");
    assert!(optimizer.minimize(&mut net, &x[..7], &y).is_err());
}
