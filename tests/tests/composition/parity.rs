//! Values and gradients against PyTorch's (`vectors/composition.json`, written by the script beside
//! it).

use super::losses::{Vae, Weighted};
use monograd::prelude::*;
use monograd::{Gradients, ParameterView};
use serde_json::Value;

fn case(name: &str) -> Value {
    let mut cases: Value =
        serde_json::from_str(include_str!("../../vectors/composition.json")).unwrap();
    cases[name].take()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(what: &str, actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let error = (actual - expected).abs();
        assert!(error <= 1e-12 * (1.0 + expected.abs()), "{what}[{i}] is {actual}, not {expected}");
    }
}

/// Gives the network PyTorch's parameters.
fn set(net: &mut impl Network<Scalar = f64>, case: &Value) {
    for mut parameter in net.parameters_mut().iter_mut() {
        let values = numbers(&case["parameters"][&*parameter.as_view().name()]);
        parameter.copy_from(&values).unwrap();
    }
}

fn compare(loss: f64, gradients: &Gradients<f64>, case: &Value) {
    close("the loss", &[loss], &[case["loss"].as_f64().unwrap()]);
    let compare = |gradient: ParameterView<'_, f64>| {
        let name = gradient.name();
        close(&name, gradient.to_tensor().as_slice(), &numbers(&case["gradients"][&*name]));
    };
    gradients.iter().for_each(compare);
    assert_eq!(gradients.iter().len(), case["gradients"].as_object().unwrap().len());
}

#[test]
fn a_variational_autoencoder_is_pytorchs() -> Result<(), Error> {
    let case = case("vae");
    let mut net = Vae::init(1).cast::<f64>();
    set(&mut net, &case);
    let (x, noise) = (numbers(&case["data"][0]), numbers(&case["data"][1]));
    let y = net.forward((&x, &noise))?;
    close("y", y.as_slice(), &numbers(&case["outputs"][0]));
    let (loss, gradients) = net.gradients((&x, &noise), ())?;
    compare(loss, &gradients, &case);
    Ok(())
}

#[test]
fn several_targets_and_penalties_are_pytorchs() -> Result<(), Error> {
    let case = case("weighted");
    let mut net = Weighted::init(1).cast::<f64>();
    set(&mut net, &case);
    let x = numbers(&case["data"][0]);
    let classes: Vec<u32> = numbers(&case["data"][1]).iter().map(|class| *class as u32).collect();
    let clean = numbers(&case["data"][2]);
    let (y, z) = net.forward(&x)?;
    close("y", y.as_slice(), &numbers(&case["outputs"][0]));
    close("z", z.as_slice(), &numbers(&case["outputs"][1]));
    let (loss, gradients) = net.gradients(&x, (&classes, &clean))?;
    compare(loss, &gradients, &case);
    Ok(())
}
