//! A value of the wrong rank for each family of layers: how many axes it takes, and what to write.

use monograd::prelude::*;

network! {
    pub N0(x: [28, 28]) -> [10] { x >> Conv2d(6, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N1(x: [6, 8, 8]) -> [10] { x >> Conv1d(6, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N2(x: [64]) -> [10] { x >> Conv1d(6, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N3(x: [28, 28]) -> [10] { x >> ConvTranspose2d(6, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N4(x: [28, 28]) -> [10] { x >> MaxPool2d(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N5(x: [6, 8, 8]) -> [10] { x >> AvgPool1d(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N6(x: [28, 28]) -> [10] { x >> AdaptiveAvgPool2d(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N7(x: [28, 28]) -> [10] { x >> PixelShuffle(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N8(x: [28, 28]) -> [10] { x >> ZeroPad2d(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N9(x: [64]) -> [10] { x >> Lstm(4) >> Flatten() >> Linear(10) }
    loss mse

    pub N10(x: [2, 8, 4]) -> [10] { x >> Gru(4) >> Flatten() >> Linear(10) }
    loss mse

    pub N11(x: [2, 8, 4]) -> [10] { x >> MultiheadAttention(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N12(x: [64]) -> [10] { x >> TransformerEncoderLayer(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N13(x: [4], h: [5, 4]) -> [10] { (x, h) >> GruCell(4) >> Flatten() >> Linear(10) }
    loss mse

    pub N14(x: []) -> [10] { x >> LayerNorm() >> Linear(10) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 784], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 15
