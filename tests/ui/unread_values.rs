//! Values that are never read and a needless `mut` are warnings, as in ordinary Rust.
#![deny(unused_mut, unused_assignments)]
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { let mut h = x >> Linear(4); h * 2 } loss mse
    B(x: [4]) -> [4] { let mut h = x * 2; h = x * 3; h }
    C(x: [4]) -> [4] { let mut h = x * 2; let y = h; h = x * 3; y }
    D(x: [4]) -> [4] { let (mut a, mut b) = split(x, 2); a = b; concat(a, b) }
    #[allow(unused_mut)]
    E(x: [4]) -> [4] { let mut h = x; h }
    F(x: [4]) -> [4] { let mut h = x; for _ in 0..3 { h = h * 2; } h }
    G(x: [dyn T]) -> [] { let mut h = zeros([]); let mut last = h; for v in x { h = h + last * v; last = v; } h }
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 5
