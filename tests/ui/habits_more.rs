//! Spellings of other libraries, each with the advice to write otherwise.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { let loss = sum(x); x >> Linear(4) }
    B(x: [4]) -> [4] { x >> Dense(8, activation = "relu") >> Linear(4) }
    C(x: [4]) -> [4] { x >> Linear(8, activation = "relu") >> Linear(4, activation = Relu) }
    D(x: [4]) -> [4] { #[freeze] let a = Linear(4); #[no_grad] let b = Linear(4); x >> a >> b } loss mse
    E(x: [4]) -> [4] { #[checked] let a = Linear(4); x >> a }
    F(x: [4]) -> [4] { let _ = x >> Linear(4); x }
    G(x: [3, 4]) -> [] { x[3, 0] + x[2, 4] }
    H(x: [4]) -> [4] { x >> LayerNorm(4) }
    I(x: [4]) -> [4] { let norm = BatchNorm2d(); x >> norm }
    J(x: [4]) -> [4] { x >> BatchNorm1d(4) >> rev(x) }
    K(x: [dyn T]) -> [T] { x >> Linear(T) }
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 15
