//! A network of the same macro takes no parentheses.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Enc(4) } loss mse
    B(x: [4]) -> [4] { x >> Enc() >> Two(1) }
    C(x: [4]) -> [4] { Enc(x, x) }
    D(x: [4]) -> [4] { Enc() }
    pub Enc(x: [4]) -> [4] { x >> Linear(4) }
    pub Two(x: [4], y: [4]) -> [4] { x + y }
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 5
