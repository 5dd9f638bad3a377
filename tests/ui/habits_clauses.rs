//! Clauses after the braces beside `loss` and `metric`, and several in one clause.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Linear(4) }
    /// how it is trained
    loss mse
    
    B(x: [4]) -> [4] { x >> Linear(4) } loss cross_entropy metrics accuracy
    C(x: [4]) -> [4] { x >> Linear(4) } loss mse optimizer adam
    D(x: [4]) -> [4] { x >> Linear(4) } loss mse optimizer = Adam(1e-3)
    E(x: [4]) -> [4] { x >> Linear(4) } losses mse
    F(x: [4]) -> [4] { x >> Linear(4) } train mse
    G(x: [4]) -> [4] { x >> Linear(4) } loss mse metric l1, mse
    H(x: [4]) -> [4] { x >> Linear(4) } loss mse metric [l1, mse]
    I(x: [4]) -> [4] { x >> Linear(4) } loss mse, l1
    J(x: [4]) -> [4] { x >> Linear(4) } loss mse + l1
    K(x: [4]) -> [4] { x >> Linear(4) } loss 0.5 * mse
    L(x: [4]) -> [4] { x >> Linear(4) } loss mse metric far |y, t| max(y - t)
    pub M(x: [4]) -> [4] { x >> Linear(4) } loss mse
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 12
