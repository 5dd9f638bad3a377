//! Sizes of layers that depend on the iteration of a loop: shapes are the same in all iterations.

use monograd::prelude::*;

network! {
    pub N0(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = pow(2, i))); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N1(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = i, padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N2(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 2 * i + 1, padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N3(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = [1, 2, 4][i], padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N4(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = [1, 0, 2, 4][i], padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N5(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = 1 << i, padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N6(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = 2.pow(i), padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N7(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = pow(2), padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N8(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, dilation = pow(2, h), padding = same)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N9(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> MaxPool1d(2 * i + 1, stride = 1)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N10(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Linear(i + 1)); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N11(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h[i..]); } h >> Flatten() >> Linear(10) }
    loss mse

    pub N12(x: [4, 16]) -> [10] { let mut h = x; for i in 0..4 { h = h + (h >> Conv1d(4, 3, padding = pow(2, i), dilation = pow(2, i), padding_mode = reflect)); } h >> Flatten() >> Linear(10) }
    loss mse
}

fn main() {
    let mut net = N0::init(1);
    let _ = N0::summary();
    let _ = net.train_step(&[0.0_f32; 64], &[0.0_f32; 10], &mut Sgd::new(0.1));
}
// mistakes: 13
