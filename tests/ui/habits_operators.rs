//! Operators of other languages.

use monograd::prelude::*;

network! {
    A(x: [4, 16], w: [16, 4]) -> [4, 4] { x @ w }
    B(x: [16]) -> [4] { x ** 2 >> Linear(4) }
    C(x: [16]) -> [4] { x ^ 2 >> Linear(4) }
    D(x: [16]) -> [4] { x |> Linear(4) }
    E(x: [16]) -> [4] { x > Linear(4) }
    F(x: [16]) -> [4] { x -> Linear(4) -> Relu }
    G(x: [16]) -> [4] { x => Lienar(4) }
    H(x: [16]) -> [4] { x >>> Linear(4) }
    I(x: [16]) -> [4] { x % 2 >> Linear(4) }
    J(x: [16]) -> [4] { x > 0 && x < 1 || x == 3 }
    K(x: [16]) -> [4] { let c = x > 0 and x < 1; let d = c or not x; d >> Linear(4) }
    L(x: [16]) -> [4] { !x + ~x >> Linear(4) }
    M(x: [16]) -> [16] { let a = if x > 0 { x } else { -x }; a * x }
    N(x: [16]) -> [16] { x if x > 0 else 0 }
    O(x: [16]) -> [16] { x > 0 ? x : 0 }
    P(x: [16]) -> [4] { x as f64 >> Linear(4) }
    Q(x: [16]) -> [16] { let mut h = x; h **= 2; h %= 2; h >>= Linear(16); h }
    R(x: [16]) -> [4] { x * Linear(4) }
    S(x: [16]) -> [4] { >> Linear(4) }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step((&[0.0_f32; 64], &[0.0_f32; 64]), &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 27
