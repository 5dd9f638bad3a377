//! Sizes that do not fit the options of a layer.

use monograd::prelude::*;

network! {
    pub N0(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, groups = 4) >> Flatten() >> Linear(10) }
    loss mse

    pub N1(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 3, groups = 3) >> Flatten() >> Linear(10) }
    loss mse

    pub N2(x: [6, 8, 8]) -> [10] { x >> ConvTranspose2d(8, 3, groups = 4) >> Flatten() >> Linear(10) }
    loss mse

    pub N3(x: [6, 8, 8]) -> [10] { x >> Conv2d(8, 11, padding = 1) >> Flatten() >> Linear(10) }
    loss mse

    pub N4(x: [6, 8]) -> [10] { x >> Conv1d(8, 3, dilation = 4) >> Flatten() >> Linear(10) }
    loss mse

    pub N5(x: [6, 8]) -> [10] { x >> MaxPool1d(9) >> Flatten() >> Linear(10) }
    loss mse

    pub N6(x: [6, 8]) -> [10] { x >> Conv1d(8, 3, padding = 8, padding_mode = reflect) >> Flatten() >> Linear(10) }
    loss mse

    pub N7(x: [6, 8]) -> [10] { x >> Conv1d(8, 3, padding = 9, padding_mode = circular) >> Flatten() >> Linear(10) }
    loss mse

    pub N8(x: [6, 8]) -> [10] { pad(x, [(0, 0), (8, 0)], mode = reflect) >> Flatten() >> Linear(10) }
    loss mse

    pub N9(x: [dyn T, 6]) -> [10] { mean(x >> MultiheadAttention(4) >> Linear(10), axis = 0) }
    loss mse

    pub N10(x: [dyn T, 6]) -> [10] { mean(x >> TransformerEncoderLayer(4) >> Linear(10), axis = 0) }
    loss mse

    pub N11(x: [6, 8, 8]) -> [10] { x >> GroupNorm(4) >> Flatten() >> Linear(10) }
    loss mse

    pub N12(x: [6, 8, 8]) -> [10] { x >> PixelShuffle(2) >> Flatten() >> Linear(10) }
    loss mse

    pub N13(x: [7]) -> [10] { x >> Glu() >> Linear(10) }
    loss mse

    pub N14(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(4, layers = T) >> Linear(10), axis = 0) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 384], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 15
