//! Parts of values as Python selects them.

use monograd::prelude::*;

network! {
    A(x: [16]) -> [15] { x[:-1] }
    B(x: [4, 16]) -> [16] { x[0, :] }
    C(x: [4, 16]) -> [4] { x[..., 0] }
    D(x: [4, 16]) -> [4, 16] { x[::2] + x[1:3] + x[::-1] + x[2:] }
    E(x: [16]) -> [4] { x[0..=3] }
    F(x: [16]) -> [1, 16] { x[None, ..] }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 9
