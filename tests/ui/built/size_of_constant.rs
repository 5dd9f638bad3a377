//! A constant that is too small for what is taken from it.
use monograd::prelude::*;

const WIDTH: usize = 4;

network! {
    Constant(x: [16]) -> [4] { x >> Linear(WIDTH - 8) >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Constant::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Constant::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
