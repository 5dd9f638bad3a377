//! Networks from elsewhere, written as activations are.
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
use o::Inner;

network! {
    Imported(x: [16]) -> [4] { x >> Inner >> Linear(4) }
    loss mse
}

network! {
    Path(x: [16]) -> [4] { x >> o::Inner >> Linear(4) >> Relu >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Imported::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Imported::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Path::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Path::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 2
