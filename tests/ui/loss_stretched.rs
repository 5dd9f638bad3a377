//! A loss compares equal shapes: none is stretched in silence.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Linear(4) } loss |y, t: [1]| mse(y, t)
    B(x: [4]) -> [4] { x >> Linear(4) } loss |y, t: [4]| l1(y[..1], t)
    C(x: [4, 3]) -> [4, 3] { x >> Linear(3) } loss |y, t: [4, 1]| huber(y, t)
    D(x: [4, 3]) -> [4, 3] { x >> Linear(3) } loss |y, t: [1, 3]| bce_with_logits(y, t)
    pub E(x: [4]) -> [4] { x >> Linear(4) } loss |y, t: [1]| mse(y, expand(t, [4]))
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 4
