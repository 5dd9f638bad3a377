//! One option that is wrong is one error: its neighbours are known, nothing is surplus, and what is wrong
//! beside it is named as well.

use monograd::prelude::*;

network! {
    pub A(x: [4]) -> [3] { x >> Linear(3) }
    loss cross_entropy(weight = [1, 2, 3], label_smoothing = 3.0, ignore_index = 0.5)

    pub B(x: [4]) -> [3] { x >> Linear(3) }
    loss smooth_l1(beta = 0)

    pub C(x: [4]) -> [3] { x >> Linear(3) }
    loss huber(delta = -1)

    pub D(x: [4]) -> [4] { x >> Dropout(1.5) >> Dropout(-0.1) >> Linear(4, bias = 2, init = ones) }
    loss mse

    pub E(x: [4]) -> [4] { softmax(y, dim = 0) + cumsum(z, axis = 0, fast = true) + sum(x, keep = 1, axis = 0) }
    loss mse

    pub F(x: [4]) -> [4] { pad(y, [(0, 0)], value = 1) + param([4], init = ones, bias = 3) + tril(x, diagonal = 0.5) }
    loss mse

    pub G(x: [4]) -> [4] { mean(x, axis = 0, axis = 1, dim = 0) * x + max(h, keep = true) }
    loss huber(delta = 1, delta = 2)

    pub H(x: [4]) -> [4] { let fc = Linear(4, bias = 2); let h = x >> fc; h >> fc }
    loss mse
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0_u32; 4], &mut Sgd::new(0.1));
}
// mistakes: 20
