//! Parameters begin with finite numbers, and a width is not negative.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Linear(4, init = constant(1e39)) } loss mse
    B(x: [4]) -> [4] { x >> Linear(4, init = normal(1e39)) }
    C(x: [4]) -> [4] { x * param([4], init = -1e39) }
    D(x: [4]) -> [4] { x * param([4], init = uniform(-1)) }
    E(x: [4]) -> [4] { x * param([4], init = normal(-2)) }
    F(x: [4]) -> [4] { x * param([4], init = truncated_normal(-0.5)) }
    G(x: [4]) -> [4] { x * param([4], init = uniform(-1, 1)) }
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 7
