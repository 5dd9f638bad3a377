//! Layers and options as PyTorch spells them.

use monograd::prelude::*;

network! {
    pub N0(x: [6, 8, 8]) -> [10] { x >> nn.Conv2d(6, 16, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N1(x: [6, 8, 8]) -> [10] { x >> Conv2d(6, 16, 5) >> Flatten() >> Linear(10) }
    loss mse

    pub N2(x: [6, 8, 8]) -> [10] { x >> Conv2d(16, kernel_size = 3) >> Flatten() >> Linear(10) }
    loss mse

    pub N3(x: [6, 8, 8]) -> [10] { x >> Conv2d(out_channels = 16, kernel = 3) >> Flatten() >> Linear(10) }
    loss mse

    pub N4(x: [6, 8, 8]) -> [10] { x >> Conv2d(16, 3, in_channels = 6) >> Flatten() >> Linear(10) }
    loss mse

    pub N5(x: [6, 8, 8]) -> [10] { x >> Conv2d(16, 3, padding = "same") >> Flatten() >> Linear(10) }
    loss mse

    pub N6(x: [dyn T, 6]) -> [10] { mean(x >> LSTM(6, 4) >> Linear(10), axis = 0) }
    loss mse

    pub N7(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(6, 4) >> Linear(10), axis = 0) }
    loss mse

    pub N8(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(4, num_layers = 2) >> Linear(10), axis = 0) }
    loss mse

    pub N9(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(4, bidirectional = True) >> Linear(10), axis = 0) }
    loss mse

    pub N10(x: [dyn T, 6]) -> [10] { mean(x >> Lstm(4, batch_first = true) >> Linear(10), axis = 0) }
    loss mse

    pub N11(x: [dyn T, 6]) -> [10] { mean(x >> MultiheadAttention(num_heads = 2) >> Linear(10), axis = 0) }
    loss mse

    pub N12(x: [dyn T, 6]) -> [10] { mean(x >> MultiheadAttention(6, 2) >> Linear(10), axis = 0) }
    loss mse

    pub N13(x: [dyn T, 6]) -> [10] { mean(x >> LayerNorm(6) >> Linear(10), axis = 0) }
    loss mse

    pub N14(x: [6, 8, 8]) -> [10] { x >> GroupNorm(2, 6) >> Flatten() >> Linear(10) }
    loss mse

    pub N15(x: [dyn T, 6], n: u32[]) -> [10] { mean(pack_padded_sequence(x, n) >> Lstm(4) >> Linear(10), axis = 0) }
    loss mse

    pub N16(x: [6, 8]) -> [10] { F.pad(x, [(0, 0), (1, 1)]) >> Flatten() >> Linear(10) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 384], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 17
