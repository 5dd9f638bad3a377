//! The loss of a large vocabulary, and a recurrent network.

use monograd::prelude::*;
use monograd_benches::data::Rotation;
use monograd_benches::rows::Side;

network! {
    /// The gradient of `shift` is the sum over that of the head's input.
    Head(x: [768]) -> [50257] {
        let shift = param([768], init = zeros);
        (x + shift) >> Linear(50257, bias = false)
    }
    loss cross_entropy

    Lm(characters: u32[64]) -> [64, 65] {
        characters >> Embedding(65, 64) >> Lstm(128) >> Linear(65)
    }
    loss cross_entropy
}

/// Measures `ce-50k`, its memory, and `lstm-train`.
pub fn measure(side: &mut Side) {
    side.train(
        "ce-50k",
        |random| {
            let (net, x) = (Head::init(1), random.normal(512 * 768));
            let labels = random.classes(512, 50257);
            move || net.gradients(&x, &labels).unwrap().0
        },
        |loss| loss,
    );
    side.peak("ce-50k-memory", |random| {
        let (net, x) = (Head::init(1), random.normal(512 * 768));
        let labels = random.classes(512, 50257);
        move || net.gradients(&x, &labels).unwrap()
    });
    side.train(
        "lstm-train",
        |random| {
            let (mut net, mut adam) = (Lm::init(1), Adam::new(1e-4));
            let mut batches =
                Rotation::new(8, || (random.classes(16 * 64, 65), random.classes(16 * 64, 65)));
            move || {
                let (x, next) = batches.next();
                net.train_step(x, next, &mut adam).unwrap()
            }
        },
        |loss| loss,
    );
}
