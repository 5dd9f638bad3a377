//! Compares values and gradients with PyTorch's (`vectors/composition.json`, written by the script
//! beside it).

use super::losses::{Vae, Weighted};
use monograd::Gradients;
use monograd::prelude::*;
use monograd_tests::numbers::{close, close_to_state, numbers};
use serde_json::Value;

/// The tolerance relative to the largest expected number.
const TOLERANCE: f64 = 1e-12;

fn case(name: &str) -> Value {
    let mut cases: Value =
        serde_json::from_str(include_str!("../../../vectors/composition.json")).unwrap();
    cases[name].take()
}

/// Sets the parameters of the network to PyTorch's.
fn set(net: &mut impl Network<Scalar = f64>, case: &Value) {
    for mut parameter in net.parameters_mut().iter_mut() {
        let values = numbers(&case["parameters"][&*parameter.as_view().name()]);
        parameter.copy_from_pytorch(&values).unwrap();
    }
}

fn compare(loss: f64, gradients: &Gradients<f64>, case: &Value) {
    close("the loss", &[loss], &[case["loss"].as_f64().unwrap()], TOLERANCE);
    close_to_state("the gradients", gradients.iter(), &case["gradients"], TOLERANCE);
    assert_eq!(gradients.iter().len(), case["gradients"].as_object().unwrap().len());
}

#[test]
fn a_variational_autoencoder_is_pytorchs() -> Result<(), Error> {
    let case = case("vae");
    let mut net = Vae::init(1).cast::<f64>();
    set(&mut net, &case);
    let (x, noise) = (numbers(&case["data"][0]), numbers(&case["data"][1]));
    let y = net.forward((&x, &noise))?;
    close("y", y.as_slice(), &numbers(&case["outputs"][0]), TOLERANCE);
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
    close("y", y.as_slice(), &numbers(&case["outputs"][0]), TOLERANCE);
    close("z", z.as_slice(), &numbers(&case["outputs"][1]), TOLERANCE);
    let (loss, gradients) = net.gradients(&x, (&classes, &clean))?;
    compare(loss, &gradients, &case);
    Ok(())
}
