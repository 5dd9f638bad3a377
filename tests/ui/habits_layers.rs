//! Layers as other libraries write them: what to write here, on the name.

use monograd::prelude::*;

network! {
    A(x: [16]) -> [4] { x >> Linear(4, 4) >> ReLU }
    B(x: [16]) -> [4] { x >> Linear(4) >> Relu() }
    C(x: [16]) -> [4] { x >> Linear(4) >> relu }
    D(x: [16]) -> [4] { x >> Linear(4) >> Softmax }
    E(x: [16]) -> [4] { x >> nn::Linear(4) }
    F(x: [16]) -> [4] { x >> Linear::<16, 4>() }
    G(x: [16]) -> [4] { x >> Linear(16, 4) }
    H(x: [16]) -> [4] { x >> Linear(4, init = normal) }
    I(x: [16]) -> [4] { x >> Linear(4) >> Dropout(50) }
    J(x: [16]) -> [4] { x >> Dense(8) >> GELU >> Dense(4) }
    K(x: [16]) -> [4] { x >> LeakyReLU(0.1) >> Linear(4) }
    L(x: [16]) -> [4] { x >> nn.Linear(16, 4) >> nn.GELU() }
    M(x: [16]) -> [4] { Linear(4)(x) }
    N(x: [16]) -> [4] { Dense(4)(x) }
    O(x: [16]) -> [4] { let fc = nn.Linear(16, 4); fc(x) }
    P(x: [16]) -> [4] { let fc = Linear(4); fc(x) }
    Q(x: [16]) -> [4] { x >> Sequential(Linear(4), ReLU()) }
    R(x: [16]) -> [4] { x >> BatchNorm1d(16) >> Conv2d(3) >> LSTM(4) }
    S(x: [16]) -> [4] { x >> Activation(relu) >> Linear(4) }
    T(x: [16]) -> [4] { x >> Linear 4 }
    U(x: [16]) -> [4] { x >> Linear[4] }
    V(x: [16]) -> [4] { x >> Linear<4>() }
    W(x: [16]) -> [4] { x >> Linear(4) + Relu }
    X(x: [16]) -> [4] { Linear(4) >> x }
    Y<A: Activation = ReLU>(x: [16]) -> [4] { x >> Linear(4) >> A >> Z::<SiLU> }
    Z<A: Activation>(x: [4]) -> [4] { x >> A }
    AA(x: [16]) -> [4] { x >> Linear(4, init = glorot_uniform) >> Linear(4, init = zeros()) }
    AB(x: [16]) -> [4] { let act = Relu; x >> Linear(4) >> act }
    AC(x: [16]) -> [4] { let fc = Linear(4); fc >> x }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 36
