//! Defaults of sizes that Rust does not take.
use monograd::prelude::*;

network! {
    Doubled<const D: usize = 4, const H: usize = { D * 2 }>(x: [16]) -> [4] { x >> Linear(D) >> Linear(H) >> Linear(4) }
    loss mse
}

network! {
    Before<const D: usize = H, const H: usize = 4>(x: [16]) -> [4] { x >> Linear(D) >> Linear(H) >> Linear(4) }
    loss mse
}

network! {
    Kind<A: Activation = Relu, const H: usize = A>(x: [16]) -> [4] { x >> Linear(H) >> A >> Linear(4) }
    loss mse
}

network! {
    Zero<const H: usize = 0>(x: [16]) -> [4] { x >> Linear(H) >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = <Doubled>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Doubled>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Before>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Before>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Kind>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Kind>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Zero>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Zero>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 4
