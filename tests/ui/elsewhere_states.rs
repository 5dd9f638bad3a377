//! A network that keeps states, as a network from elsewhere.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Normal(x: [4]) -> [4] { x >> BatchNorm1d() }
    }
}

network! {
    A(x: [4]) -> [4] { x >> Linear(4) >> other::Normal() }
    loss mse
}

fn main() {
    let mut a = A::init(1);
    let _ = a.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = A::summary();
}
