//! Compares five steps of each optimiser with each option with PyTorch's (`vectors/optimizers.json`,
//! written by the script beside it).

use monograd::layout::{buffer_len, place};
use monograd::optimizer::Group;
use monograd::{
    Adagrad, Adam, AdamW, Init, Lion, NAdam, Optimizer, Parameter, RmsProp, Scalar, Sgd,
    clip_gradient_norm,
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/optimizers.json")).unwrap()
}

/// Returns the layout of the script's three tensors, whose sizes leave gaps in the buffer.
fn layout(frozen: Option<u64>) -> [Parameter; 3] {
    let parameter = |index: u64, name, shape| {
        Parameter::new(name, shape, Init::Constant(0.0)).frozen(frozen == Some(index))
    };
    place([parameter(0, "a", &[2, 3]), parameter(1, "b", &[5]), parameter(2, "c", &[3])])
}

/// Returns a list of tensors as one buffer.
fn buffer<T: Scalar>(tensors: &Value, layout: &[Parameter]) -> Vec<T> {
    let mut buffer = vec![T::ZERO; buffer_len(layout)];
    for (parameter, tensor) in layout.iter().zip(tensors.as_array().unwrap()) {
        let values = tensor.as_array().unwrap();
        assert_eq!(values.len(), parameter.len());
        for (to, value) in buffer[parameter.range()].iter_mut().zip(values) {
            *to = T::from_f64(value.as_f64().unwrap());
        }
    }
    buffer
}

fn optimizer<T: Scalar>(case: &Value, rate: f64) -> Box<dyn Optimizer<T>> {
    let number = |name: &str| case["options"][name].as_f64();
    let flag = |name: &str| case["options"][name].as_bool().unwrap_or(false);
    let beta = |i: usize, default| case["options"]["betas"][i].as_f64().unwrap_or(default);
    let (clip, decay) = (case["clip_norm"].as_f64(), number("weight_decay"));
    /// Sets the options common to all optimisers, if the case has them.
    macro_rules! boxed {
        ($optimizer:expr) => {{
            let mut optimizer = $optimizer;
            if let Some(decay) = decay {
                optimizer = optimizer.weight_decay(decay);
            }
            if let Some(clip) = clip {
                optimizer = optimizer.clip_norm(clip);
            }
            if let Some(group) = case.get("group") {
                let name = ["a", "b", "c"][group["tensor"].as_u64().unwrap() as usize];
                let number = |option: &str| group[option].as_f64().unwrap();
                let group = Group::new().rate(number("rate")).weight_decay(number("weight_decay"));
                optimizer = optimizer.group(name, group);
            }
            if case.get("matrices_only").is_some() {
                optimizer = optimizer.decay_matrices_only();
            }
            Box::new(optimizer)
        }};
    }
    let eps = number("eps").unwrap_or(1e-8);
    let momentum = number("momentum").unwrap_or(0.0);
    match case["optimizer"].as_str().unwrap() {
        "sgd" => boxed!(Sgd::new(rate).momentum(momentum).nesterov(flag("nesterov"))),
        "adam" => boxed!(
            Adam::new(rate).betas(beta(0, 0.9), beta(1, 0.999)).eps(eps).amsgrad(flag("amsgrad"))
        ),
        "adamw" => boxed!(
            AdamW::new(rate).betas(beta(0, 0.9), beta(1, 0.999)).eps(eps).amsgrad(flag("amsgrad"))
        ),
        "adagrad" => boxed!(
            Adagrad::new(rate)
                .rate_decay(number("lr_decay").unwrap_or(0.0))
                .eps(number("eps").unwrap_or(1e-10))
        ),
        "nadam" => boxed!(
            NAdam::new(rate)
                .betas(beta(0, 0.9), beta(1, 0.999))
                .eps(eps)
                .momentum_decay(number("momentum_decay").unwrap_or(4e-3))
                .decoupled_weight_decay(flag("decoupled_weight_decay"))
        ),
        "lion" => boxed!(Lion::new(rate).betas(beta(0, 0.9), beta(1, 0.99))),
        "rmsprop" => boxed!(
            RmsProp::new(rate)
                .alpha(number("alpha").unwrap_or(0.99))
                .eps(eps)
                .momentum(momentum)
                .centered(flag("centered"))
        ),
        other => panic!("no optimiser {other}"),
    }
}

fn compare<T: Scalar>(tolerance: f64) {
    let vectors = vectors();
    let rate = vectors["learning_rate"].as_f64().unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let layout = layout(case["frozen"].as_u64());
        let mut optimizer = optimizer::<T>(case, rate);
        let mut parameters = buffer::<T>(&vectors["start"], &layout);
        for (step, after) in case["after"].as_array().unwrap().iter().enumerate() {
            if let Some(rate) = case["rates"][step].as_f64() {
                optimizer.set_learning_rate(rate);
                assert!((optimizer.learning_rate() - rate).abs() < 1e-15);
            }
            let gradients = buffer::<T>(&vectors["gradients"][step], &layout);
            optimizer.update(&mut parameters, &gradients, &layout).unwrap();
            assert_eq!(optimizer.steps(), step as u64 + 1);
            let expected = buffer::<f64>(after, &layout);
            for (i, (actual, expected)) in parameters.iter().zip(expected).enumerate() {
                let error = (actual.to_f64() - expected).abs() / expected.abs().max(1.0);
                assert!(
                    error <= tolerance,
                    "{} {}: scalar {i} after step {step} is {actual}, not {expected}",
                    case["optimizer"],
                    case["options"],
                );
            }
        }
    }
}

#[test]
fn five_steps_as_pytorch_in_f64() {
    compare::<f64>(1e-12);
}

#[test]
fn five_steps_as_pytorch_in_f32() {
    compare::<f32>(2e-6);
}

#[test]
fn clipping_as_pytorch() {
    let vectors = vectors();
    let layout = layout(None);
    for (step, norm) in vectors["norms"].as_array().unwrap().iter().enumerate() {
        let norm = norm.as_f64().unwrap();
        let before = buffer::<f64>(&vectors["gradients"][step], &layout);
        for max in [norm / 3.0, norm * 3.0] {
            let mut after = before.clone();
            let returned = clip_gradient_norm(&mut after, max).unwrap();
            assert!((returned - norm).abs() <= 1e-13 * norm);
            let scale = (max / (norm + 1e-6)).min(1.0);
            for (before, after) in before.iter().zip(after) {
                assert!((before * scale - after).abs() <= 1e-15 * norm);
            }
        }
    }
}

pub mod networks {
    //! Two networks with the same number of scalars.

    use monograd::prelude::*;

    network! {
        pub First(x: [4]) -> [4] { x >> Linear(4) }
        loss mse

        pub Second(x: [4]) -> [4] {
            let fc = Linear(4);
            x >> fc
        }
        loss mse
    }
}

/// A failing step leaves the network and the optimiser unchanged.
#[test]
fn a_network_is_left_as_it_was_where_the_optimiser_refuses() {
    use monograd::prelude::*;
    use monograd::{Error, StepError};

    fn check<O: Optimizer<f32> + Clone>(right: O) {
        let (x, y) = ([0.5, -1.0, 2.0, 0.25], [1.0; 4]);
        let (mut first, mut second) = (networks::First::init(1), networks::Second::init(1));
        let weight = |net: &networks::First| {
            net.parameters().get("linear0.weight").unwrap().as_slice().to_vec()
        };
        let mut optimizer = right.clone();
        first.train_step(&x, &y, &mut optimizer).unwrap();
        let before = weight(&first);
        for wrong in [f64::NAN, -1.0, f64::INFINITY] {
            optimizer.set_learning_rate(wrong);
            let error = first.train_step(&x, &y, &mut optimizer).unwrap_err();
            assert!(
                matches!(error, Error::Step(StepError::Option { option: "learning_rate", .. })),
                "{error}"
            );
            assert_eq!((weight(&first), optimizer.steps()), (before.clone(), 1));
        }
        optimizer.set_learning_rate(0.01);
        let before = second.parameters().get("fc.weight").unwrap().as_slice().to_vec();
        let error = second.train_step(&x, &y, &mut optimizer).unwrap_err();
        let text = "this optimiser belongs to another network, which has `linear0.weight` [4, 4] where \
                    this one has `fc.weight` [4, 4]: each network needs an optimiser of its own";
        assert_eq!(error.to_string(), text);
        assert_eq!(second.parameters().get("fc.weight").unwrap().as_slice(), before);
        // the optimiser can continue with its own network, and with another one of the same type
        first.train_step(&x, &y, &mut optimizer).unwrap();
        networks::First::init(2).train_step(&x, &y, &mut optimizer).unwrap();
        assert_eq!(optimizer.steps(), 3);
    }
    check(Sgd::new(0.1));
    check(Sgd::new(0.1).momentum(0.9).nesterov(true));
    check(Adam::new(0.1));
    check(AdamW::new(0.1));
    check(RmsProp::new(0.1).centered(true));
}
