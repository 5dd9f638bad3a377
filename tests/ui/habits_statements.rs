//! Statements of other languages, and what was put in the wrong place.

use monograd::prelude::*;

network! {
    A(x: [16]) -> [4] { x >> Linear(4) loss mse }
    B(x: [16]) -> [4] {
        x >> Linear(4)
        loss mse
    }
    C(x: [16]) -> [16] { let mut h = x; for _ in 0..4 { h >> Linear(16); } h }
    D(x: [16]) -> [4] {
        # hidden layer
        let h = x >> Linear(4); # the other
        h
    }
    E(x: [16]) -> [4] { const H: usize = 8; x >> Linear(H) >> Linear(4) }
    F(x: [16]) -> [4] { fn f(x: f32) -> f32 { x } x >> Linear(4) }
    G(x: [16]) -> [4] { def f(x): x; x >> Linear(4) }
    H(x: [16]) -> [4] { let f = lambda x: x + 1; x >> Linear(4) }
    I(x: [16]) -> [4] { let f = |h| h + 1; x >> Linear(4) }
    J(x: [16]) -> [4] { let h, g = split(x, 2); h + g >> Linear(4) }
    K(x: [16]) -> [4] { let h := x >> Linear(4); h }
    L(x: [16]) -> [4] { let h: Tensor = x >> Lienar(4); h }
    M(x: [16]) -> [4] { var h = x >> Linear(4); h }
    N(x: [16]) -> [4] { h = x >> Linear(4); h }
    O(x: [16]) -> [4] { x, x }
    P(x: [16]) -> [4] { x >> Linear(4), }
    Q(x: [16]) -> [4] { "a network"; x >> Linear(4) }
    R(x: [16]) -> [4] { with no_grad() { x >> Linear(4) } }
    S(x: [16]) -> [4] { let h = x >> Linear(4);; h }
    T(x: [16]) -> [4] { for i in range(3) { x = x >> Linear(16); } x >> Linear(4) }
    U(x: [16]) -> [4] { x >> Linear(4); }
    V(x: [16]) -> [4] { let h = x >> Linear(4); }
    W(x: [16]) -> [4] { let mut h = x; while h > 0 { h = h >> Linear(16); } h >> Linear(4) }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 25
