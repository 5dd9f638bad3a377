//! Shapes have no more numbers than memory holds.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [65536, 65536, 65536, 65536] { x } loss mse
    B(x: [4]) -> [4294967295] { x >> Linear(4294967295) >> Linear(4294967295) }
    C(x: [4]) -> [4] { x + sum(param([65536, 65536, 65536, 65536], init = zeros)) }
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 3
