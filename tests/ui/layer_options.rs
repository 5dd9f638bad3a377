//! Options of described layers: unknown, given twice, of the wrong kind, missing.

use monograd::prelude::*;

network! {
    pub N0(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, pading = 1) >> Flatten() >> Linear(10) }
    loss mse

    pub N1(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, padding = 1, padding = 2) >> Flatten() >> Linear(10) }
    loss mse

    pub N2(x: [6, 8, 8]) -> [10] { x >> MaxPool2d(2, 2, stride = 1) >> Flatten() >> Linear(10) }
    loss mse

    pub N3(x: [6, 8, 8]) -> [10] { x >> Conv2d(8) >> Flatten() >> Linear(10) }
    loss mse

    pub N4(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, bias = 0) >> Flatten() >> Linear(10) }
    loss mse

    pub N5(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, stride = true) >> Flatten() >> Linear(10) }
    loss mse

    pub N6(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 2.5) >> Flatten() >> Linear(10) }
    loss mse

    pub N7(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, padding_mode = reflecting) >> Flatten() >> Linear(10) }
    loss mse

    pub N8(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, [3, 3, 3]) >> Flatten() >> Linear(10) }
    loss mse

    pub N9(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(4, dropout = true) >> Linear(10), axis = 0) }
    loss mse

    pub N10(x: [dyn T, 6]) -> [10] { mean(x >> Rnn(4, nonlinearity = sigmoid) >> Linear(10), axis = 0) }
    loss mse

    pub N11(x: [dyn T, 6]) -> [10] { mean(x >> Gru(4, hops = 3) >> Linear(10), axis = 0) }
    loss mse

    pub N12(x: [dyn T, 6]) -> [10] { mean(x >> TransformerEncoderLayer(2, activation = 3) >> Linear(10), axis = 0) }
    loss mse

    pub N13(x: [6, 8]) -> [10] { pad(x, [(0, 0), (1, 1)], mode = zeros) >> Flatten() >> Linear(10) }
    loss mse

    pub N14(x: [6, 8]) -> [10] { pad(x, [(0, 0), (1, 1)], mode = reflect, value = 1) >> Flatten() >> Linear(10) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 384], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 15
