//! A network with nothing to learn.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use monograd::prelude::*;

network! {
    /// Probabilities.
    pub Net(x: [4]) -> [4] {
        softmax(x)
    }
    loss mse
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    assert_eq!(Net::PARAMS, 0);
    assert_eq!(net.forward(&[1.0_f32; 4])?.as_slice(), [0.25; 4]);
    net.train_step(&[1.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    Ok(())
}
