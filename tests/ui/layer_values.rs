//! Values that layers do not take, results that they do not give, and layers that there are not.

use monograd::prelude::*;

network! {
    pub N0(x: [dyn T, 6]) -> [10] { mean(x >> Embedding(9, 4) >> Linear(10), axis = 0) }
    loss mse

    pub N1(x: u32[dyn T]) -> [10] { mean(x >> Lstm(4) >> Linear(10), axis = 0) }
    loss mse

    pub N2(x: [dyn T, 6], n: []) -> [10] { mean(x >> Lstm(4, lengths = n) >> Linear(10), axis = 0) }
    loss mse

    pub N3(x: [dyn T, 6], n: u32[T]) -> [10] { mean(x >> Lstm(4, lengths = n) >> Linear(10), axis = 0) }
    loss mse

    pub N4(x: [dyn T, 6], n: u32[]) -> [10] { masked_mean(x, n) >> Linear(10) }
    loss mse

    pub N5(x: [dyn T, 6], n: u32[]) -> [10] { masked_mean(x, sequence_mask(n)) >> Linear(10) }
    loss mse

    pub N6(x: [dyn T, 6]) -> [10] { let (y, h) = x >> Lstm(4); mean(y >> Linear(10), axis = 0) }
    loss mse

    pub N7(x: [dyn T, 6]) -> [10] { let (y, h, c) = x >> Gru(4); mean(y >> Linear(10), axis = 0) }
    loss mse

    pub N8(x: [6, 8]) -> [10] { let (y, z) = x >> Conv1d(4, 3); y >> Flatten() >> Linear(10) }
    loss mse

    pub N9(x: [6, 8]) -> [10] { x >> Convolution(4, 3) >> Flatten() >> Linear(10) }
    loss mse

    pub N10(x: [6, 8]) -> [10] { x >> Foo(4, 3) >> Flatten() >> Linear(10) }
    loss mse

    pub N11(x: [6, 8]) -> [10] { x >> Conv3d(4, 3) >> Flatten() >> Linear(10) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 384], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 12
