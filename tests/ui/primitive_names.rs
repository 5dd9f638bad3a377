//! Types of Rust's own, and keywords, as names.

use monograd::prelude::*;

network! {
    pub f32(x: [4]) -> [4] { x >> Linear(4) }
    loss mse

    pub Net<usize: Activation>(x: [4]) -> [4] { x >> usize }

    pub Other<const n: usize>(x: [n]) -> [n] { x >> Linear(n) }

    pub Self(x: [4]) -> [4] { x }
}

network! {
    pub fn(x: [4]) -> [4] { x }
}

fn main() {
    let mut net = Net::<Relu>::init(1);
    let _ = Net::<Relu>::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 5
