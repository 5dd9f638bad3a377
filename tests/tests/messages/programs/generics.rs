//! Parameters with and without defaults, and several networks in one macro.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use monograd::prelude::*;

network! {
    /// No defaults at all.
    pub Bare<A: Activation, B: Activation, const H: usize, const D: usize>(x: [D]) -> [H] {
        x >> Linear(2 * H) >> A >> Linear(H) >> B
    }
    loss mse

    /// A size and an activation by default.
    pub Defaults<A: Activation = Gelu, const H: usize = { 4 * 2 }>(x: [H / 2]) -> [H - 1] {
        x >> Linear(H - 1) >> A
    }
    loss cross_entropy
}

/// Generic over the network's own parameters.
fn width<A: Activation, const H: usize>(net: &Defaults<A, H>) -> Result<usize, Error> {
    Ok(net.forward(&vec![0.5_f32; H / 2])?.len())
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net = Bare::<Relu, Tanh, 3, 4>::init(1);
    net.train_step(&[0.5_f32; 4], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    let net: Defaults = Defaults::init(1);
    assert_eq!(width(&net)?, 7);
    assert_eq!(width(&Defaults::<Sigmoid, 10>::init(1))?, 9);
    let _wide: Defaults<Gelu, 8, f64> = net.cast();
    Ok(())
}
