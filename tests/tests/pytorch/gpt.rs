//! Compares 20 training steps of a small GPT with PyTorch, loss by loss (`vectors/gpt.py`).

#[path = "../../../examples/networks/gpt.rs"]
mod network;

use monograd::prelude::*;
use monograd::{Scalar, Tensor};
use network::Gpt;
use serde_json::Value;

/// The steps of PyTorch.
struct Vectors {
    learning_rate: f64,
    /// The tokens of each step, batch and position; one more than the context.
    tokens: Vec<Vec<Vec<u32>>>,
    losses: Vec<f64>,
}

impl Vectors {
    fn read() -> Self {
        let vectors: Value = serde_json::from_str(include_str!("../../vectors/gpt.json")).unwrap();
        Self {
            learning_rate: vectors["learning_rate"].as_f64().unwrap(),
            tokens: serde_json::from_value(vectors["tokens"].clone()).unwrap(),
            losses: serde_json::from_value(vectors["losses"].clone()).unwrap(),
        }
    }
}

/// Returns the largest difference of a loss.
fn worst<N>(mut net: N, vectors: &Vectors) -> f64
where
    N: for<'a> Trainable<Inputs<'a> = (&'a [u32],), Targets<'a> = (&'a [u32],)>,
{
    let mut optimizer =
        AdamW::new(vectors.learning_rate).betas(0.9, 0.99).weight_decay(0.1).clip_norm(1.0);
    let mut worst = 0.0_f64;
    for (tokens, expected) in vectors.tokens.iter().zip(&vectors.losses) {
        let rows = |offset| {
            let rows = tokens.iter().flat_map(|row| &row[offset..][..row.len() - 1]);
            let shape = [tokens.len(), tokens[0].len() - 1];
            Tensor::from_vec(shape, rows.copied().collect::<Vec<u32>>()).unwrap()
        };
        let loss = net.train_step(&rows(0), &rows(1), &mut optimizer).unwrap().to_f64();
        worst = worst.max((loss - expected).abs());
    }
    worst
}

#[test]
fn twenty_steps_are_those_of_pytorch() {
    let vectors = Vectors::read();
    assert_eq!(vectors.losses.len(), 20);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/gpt.safetensors");
    let net = Gpt::<11, 16, 2, 2, 8>::load(path).unwrap();
    let double = worst(net.cast::<f64>(), &vectors);
    let single = worst(net, &vectors);
    assert!(double < 1e-10 && single < 1e-4, "{double} in f64, {single} in f32");
}
