//! Constants, activations and functions that do not exist are told beside the errors of the macro.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Linear(4) >> Reluu >> Linear(WIDTH) >> Lineax(4) } loss mse
}

network! {
    B(x: [4]) -> [4] { squareplus(x >> Linear(4)) >> Linear(5) } loss mse
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let mut net = B::init(1);
    println!("{}", B::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 5
