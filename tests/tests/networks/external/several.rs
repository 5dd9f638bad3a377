//! Several inputs and outputs, randomness, and inputs that no output depends on.

use super::elsewhere::{Heads, Ignores, Noisy};
use monograd::prelude::*;
use monograd_tests::differences::check;
use monograd_tests::same::assert_same;

network! {
    pub Apart(x: [7]) -> [4] {
        let heads = Heads::<7>([3], [2, 7]);
        let (a, b) = x >> heads;
        let (_, c) = b[1] >> heads;
        concat(a, b[0] * c[1], c[0]) >> Linear(4)
    }
    loss mse

    Together(x: [7]) -> [4] {
        let heads = InnerHeads::<7>;
        let (a, b) = x >> heads;
        let (_, c) = b[1] >> heads;
        concat(a, b[0] * c[1], c[0]) >> Linear(4)
    }
    loss mse

    InnerHeads<const D: usize>(x: [D]) -> ([3], [2, D]) {
        (x >> Linear(3), reshape(x >> Linear(2 * D) >> Tanh, [2, D]))
    }

    pub Halves(x: [3]) -> [3] {
        let fc = Linear(2);
        let h = (x >> Linear(3), x >> fc) >> Ignores();
        h + sum(x >> fc)
    }
    loss mse

    pub Dropped(x: [6]) -> [6] {
        let noisy = Noisy::<6>();
        let mut h = x >> noisy;
        for _ in 0..2 { h = h >> Noisy::<6>(); }
        h >> noisy
    }
    loss mse
}

#[test]
fn several_outputs_are_the_same_in_one_place() {
    let (apart, mut together) = (Apart::init(3).cast::<f64>(), Together::init(3).cast());
    for samples in [1, 7, 17, 33] {
        assert_same::<Apart<f64>, Together<f64>>(&apart, &mut together, samples, &[]);
    }
}

#[test]
fn gradients_are_right() {
    check::<Apart<f64>>("Apart", Apart::init(1).cast());
    check::<Halves<f64>>("Halves", Halves::init(1).cast());
    // the backward pass uses the same dropout mask as the forward pass
    check::<Dropped<f64>>("Dropped", Dropped::init(1).cast());
}

network! {
    /// Applies a network of another crate.
    Centred(x: [4, 6]) -> [4, 2] {
        let norm = monograd_tests::norm::LayerNorm::<6>();
        x >> Linear(6) >> norm >> Linear(2)
    }
    loss mse
}

#[test]
fn another_crate_has_it() {
    check::<Centred<f64>>("Centred", Centred::init(1).cast());
    let weight = Centred::init(1).parameters().get("norm.weight").map(|w| w.shape().to_vec());
    assert_eq!(weight.unwrap(), [6]);
}

#[test]
fn dropout_is_of_training_alone() -> Result<(), Error> {
    let mut net = Dropped::init(1);
    let (x, y) = ([0.5; 6 * 40], [0.0; 6 * 40]);
    assert_eq!(net.forward(&x)?, net.forward(&x)?);
    let sure = net.loss(&x, &y)?;
    let first = net.gradients(&x, &y)?.0;
    assert_eq!(net.gradients(&x, &y)?.0, first, "the same step drops the same");
    assert_ne!(first, sure);
    net.train_step(&x, &y, &mut Sgd::new(1e-30))?;
    assert_ne!(net.gradients(&x, &y)?.0, first, "another step drops others");
    Ok(())
}
