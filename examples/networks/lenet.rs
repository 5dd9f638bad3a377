//! LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998) with maxima in place of means.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Reads a digit of `S` by `S` pixels; the kernels have `K` by `K`.
    pub LeNet<const S: usize, const K: usize>(x: [1, S, S]) -> [10] {
        let conv1 = Conv2d(6, K, padding = same);
        let conv2 = Conv2d(16, K, padding = same);
        let h = x >> conv1 >> Relu >> MaxPool2d(2) >> conv2 >> Relu >> MaxPool2d(2);
        h >> Flatten() >> Linear(120) >> Relu >> Linear(84) >> Relu >> Linear(10)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network
