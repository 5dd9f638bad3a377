//! The chapters "How it compiles" and "Reading the generated code".

use monograd::prelude::*;

// ANCHOR: small
network! {
    /// Three numbers in, two out.
    pub Small<A: Activation = Tanh>(x: [3]) -> [2] {
        let h = x >> Linear(4) >> A;
        h >> Linear(2)
    }
    loss mse
}
// ANCHOR_END: small

#[test]
fn memory_follows_the_activation() {
    // ANCHOR: kept
    // GELU's derivatives, four a sample, are kept; tanh's output tells them.
    const KEPT: usize = Small::<Gelu>::TRAIN_WORKSPACE - Small::<Tanh>::TRAIN_WORKSPACE;
    assert_eq!(KEPT, 4);
    // ANCHOR_END: kept
}

#[test]
fn gradients_are_the_derivatives() -> Result<(), Error> {
    let (x, y) = ([0.3, -0.7, 0.9, 0.1, 0.5, -0.2], [1.0, 0.0, 0.5, -0.5]);
    // ANCHOR: finite
    let net: Small<Tanh, f64> = Small::<Tanh>::init(7).cast();
    let (_, gradients) = net.gradients(&x, &y)?;
    for gradient in gradients.iter() {
        for i in 0..gradient.as_slice().len() {
            let loss = |step: f64| {
                let mut moved = net.clone();
                moved.parameters_mut().get(&gradient.name())?.as_mut_slice()[i] += step;
                moved.loss(&x, &y)
            };
            let slope = (loss(1e-5)? - loss(-1e-5)?) / 2e-5;
            assert!((slope - gradient.as_slice()[i]).abs() < 1e-8, "{}", gradient.name());
        }
    }
    // ANCHOR_END: finite
    Ok(())
}
