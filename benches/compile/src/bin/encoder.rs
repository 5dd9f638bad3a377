//! One encoder layer as in "Attention is all you need", over 32 rows of 64, whose mean is classified.

use monograd::prelude::*;

network! {
    Classifier<const T: usize = 32, const D: usize = 64, const HEADS: usize = 4>(
        x: [T, D]
    ) -> [10] {
        let position = param([T, D], init = normal(0.02));
        mean(x + position >> Encoder::<T, D, HEADS>, axis = 0) >> Linear(10)
    }
    loss cross_entropy

    Encoder<const T: usize, const D: usize, const HEADS: usize>(x: [T, D]) -> [T, D] {
        let attended = x >> Attention::<T, D, HEADS> >> Dropout(0.1);
        let x = x + attended >> Norm::<T, D>;
        let fed = x >> Linear(4 * D) >> Relu >> Dropout(0.1) >> Linear(D) >> Dropout(0.1);
        x + fed >> Norm::<T, D>
    }

    Norm<const T: usize, const D: usize>(x: [T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        let variance = mean(square(centred), axis = -1, keepdim = true);
        centred / sqrt(variance + 1e-5) * weight + bias
    }

    Attention<const T: usize, const D: usize, const HEADS: usize>(x: [T, D]) -> [T, D] {
        let q = transpose(reshape(x >> Linear(D), [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(x >> Linear(D), [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(x >> Linear(D), [T, HEADS, D / HEADS]), 0, 1);
        let weights = softmax(matmul(q, transpose(k)) / sqrt(D / HEADS)) >> Dropout(0.1);
        reshape(transpose(matmul(weights, v), 0, 1), [T, D]) >> Linear(D)
    }
}

fn main() -> Result<(), Error> {
    let x: Vec<f32> = (0..16 * 32 * 64).map(|i| (i as f32).sin()).collect();
    let labels: Vec<u32> = (0..16).map(|i| i % 10).collect();
    let mut net: Classifier = Classifier::init(42);
    let mut optimizer = Adam::new(1e-3);
    for _ in 0..20 {
        println!("{}", net.train_step(&x, &labels, &mut optimizer)?);
    }
    println!("{:?}", net.forward(&x)?.argmax());
    Ok(())
}
