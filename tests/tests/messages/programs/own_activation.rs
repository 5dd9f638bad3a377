//! Activations of the user's, by path and as a default.

#![forbid(unsafe_code)]
#![deny(warnings)]

use monograd::prelude::*;

mod my {
    use monograd::{Activation, Number};

    pub struct Snake;

    impl Activation for Snake {
        fn forward<N: Number>(x: N) -> N {
            x + x.sin() * x.sin()
        }
    }
}

network! {
    /// x + sin(x)^2 between its layers.
    pub Net<A: Activation = my::Snake>(x: [4]) -> [3] {
        my::Snake(x >> Linear(8)) >> Linear(8) >> my::Snake >> Linear(3) >> A
    }
    loss mse
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    net.train_step(&[0.5_f32; 4], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    Ok(())
}
