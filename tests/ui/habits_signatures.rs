//! Inputs, outputs and options as other languages declare them.

use monograd::prelude::*;

network! {
    A(x: [f32; 16]) -> [4] { x >> Linear(4) }
    B(x: 16, y: (3, 4), z: f32, w: i64[4]) -> [4] { x >> Linear(4) }
    C(x: &[f32], y: Tensor<f32, 2>, mut z: [4]) -> [4] { x >> Linear(4) }
    D(&self, x: [16]) -> [4] { x >> Linear(4) }
    E(x: [16]) => [4] { x >> Linear(4) }
    F(x: [16]): [4] { x >> Linear(4) }
    G(x: [16]) -> f32 { x >> Lienar(4) }
    H(x: [16]) -> (4) { x >> Linear(4) }
    I(x: [16]) { x >> Lienar(4) }
    J(x: [16] y: [3]) -> [4] { x >> Linear(4) }
    K(x: [16]) -> [4], [4] { (x, x) }
    L(x: [16], y) -> [4] { x >> Linear(4) }
    M(x: [16]) -> [4] { x >> Linear(4, bias: false) }
    N(x: [16]) -> [4] { x >> Linear(4, bias == false) }
    O(x: [16]) -> [4] { concat(x x) >> Linear(4) }
    fn P(x: [16]) -> [4] { x >> Linear(4) }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 23
