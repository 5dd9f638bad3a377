//! Losses as other libraries write them.

use monograd::prelude::*;

network! {
    A(x: [16]) -> [4] { x >> Linear(4) } loss CrossEntropyLoss
    B(x: [16]) -> [4] { x >> Linear(4) } loss MSELoss()
    C(x: [16]) -> [4] { x >> Linear(4) } loss nn.BCEWithLogitsLoss()
    D(x: [16]) -> [4] { x >> Linear(4) } loss: mse
    E(x: [16]) -> [4] { x >> Linear(4) } loss = huber(delta = 0.5)
    F(x: [16]) -> [4] { x >> Linear(4) } loss "mse"
    G(x: [16]) -> [4] { x >> Linear(4) } loss mse(y, target)
    H(x: [16]) -> [4] { x >> Linear(4) } loss |y, target| mse(y, target)
    I(x: [16]) -> [4] { x >> Linear(4) } loss |y, target: [4]| F.mse_loss(y, target)
    J(x: [16]) -> [4] { x >> Linear(4) } loss |y, target: [4]| { let e = y - target; mean(e ** 2) }
    K(x: [16]) -> [4] { x >> Linear(4) } loss KLDivLoss
    L(x: [16]) -> [4] { x >> Linear(4) } loss { mse }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0_u32; 4], &mut Sgd::new(0.1));
}
// mistakes: 12
