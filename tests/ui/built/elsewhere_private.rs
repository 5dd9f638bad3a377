//! Networks that are not visible where they are applied.
use monograd::prelude::*;

mod o {
    use monograd::prelude::*;

    network! {
        pub B<A: Activation, const D: usize>(x: [16]) -> [16] { x >> Linear(D) >> A >> Linear(16) }
    }
    network! {
        pub Inner(x: [16]) -> [16] { x >> Linear(16) }
    }
    network! {
        Private(x: [16]) -> [4] { x >> Linear(4) }
    }
}

network! {
    Near(x: [16]) -> [16] { x >> Linear(16) }
}

network! {
    Outside(x: [16]) -> [4] { x >> o::Private() >> Linear(4) }
    loss mse
}

network! {
    Beside(x: [16]) -> [4] { x >> Near() >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Outside::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Outside::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Beside::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Beside::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 2
