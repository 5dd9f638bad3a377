//! Tests that the example's network learns, reproducibly, and that it can be saved and loaded.

use super::*;
use std::path::Path;

fn train<A: Activation>(data: &Dataset, epochs: u64, seed: u64) -> Digits<A> {
    learn(data, epochs, seed, |_, loss| {
        assert!(loss.is_finite());
        Ok(())
    })
    .unwrap()
}

fn values<A: Activation>(net: &Digits<A>) -> Vec<u32> {
    net.parameters().iter().flat_map(|p| p.as_slice().iter().map(|v| v.to_bits())).collect()
}

fn learns<A: Activation>(epochs: u64) {
    let (data, test) = digits::split();
    let net = train::<A>(&data, epochs, 42);
    let accuracy = accuracy(&net, &test).unwrap();
    assert!(accuracy >= 0.97, "{accuracy}");
}

#[test]
fn learns_with_gelu() {
    learns::<Gelu>(12);
}

/// Sigmoid saturates, and therefore learns more slowly.
#[test]
fn learns_with_sigmoid() {
    learns::<Sigmoid>(30);
}

#[test]
fn same_seed_gives_same_bits() {
    let (data, _) = digits::split();
    let data = data.select(&Vec::from_iter(0..300));
    let first = values(&train::<Gelu>(&data, 4, 7));
    assert_eq!(first, values(&train::<Gelu>(&data, 4, 7)));
    assert_ne!(first, values(&train::<Gelu>(&data, 4, 8)));
}

#[test]
fn saved_network_predicts_the_same() {
    let (data, test) = digits::split();
    let net = train::<Gelu>(&data.select(&Vec::from_iter(0..300)), 4, 42);
    let path =
        std::env::temp_dir().join(format!("monograd-digits-{}.safetensors", std::process::id()));
    net.save(&path).unwrap();
    let loaded = Digits::<Gelu, 64>::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.forward(&test.images).unwrap(), net.forward(&test.images).unwrap());
}

#[test]
fn probabilities_sum_to_one() {
    let logits = [1e4, 0.0, 1.0, -1e4];
    let sum: f32 = (0..4).map(|class| probability(&logits, class)).sum();
    assert_eq!((sum, probability(&logits, 0)), (1.0, 1.0));
}

#[test]
fn options_are_checked() {
    assert!(Options::try_parse_from(["digits", "--activation", "sigmoid"]).is_ok());
    assert!(Options::try_parse_from(["digits", "--activation", "step"]).is_err());
    assert!(Options::try_parse_from(["digits", "--epochs", "0"]).is_err());
    let options = Options::try_parse_from(["digits", "--predict", "missing.safetensors"]).unwrap();
    assert_eq!(options.predict.as_deref(), Some(Path::new("missing.safetensors")));
    let error = run::<Gelu>(&options).unwrap_err().to_string();
    assert!(error.contains("missing.safetensors"), "{error}");
}
