//! Two convolutions of 3 x 3 and pooling on images of 16 x 16, written with nested loops and
//! slices.

use monograd::prelude::*;

network! {
    Images(x: [16, 16, 1]) -> [10] {
        let h = pad(x, [(1, 1), (1, 1), (0, 0)]) >> Conv::<16, 1, 16> >> Relu >> Pool::<16, 16>;
        let h = pad(h, [(1, 1), (1, 1), (0, 0)]) >> Conv::<8, 16, 32> >> Relu >> Pool::<8, 32>;
        reshape(h, [4 * 4 * 32]) >> Linear(10)
    }
    loss cross_entropy
    metric accuracy

    /// Padded images of N x N positions.
    Conv<const N: usize, const C: usize, const O: usize>(x: [N + 2, N + 2, C]) -> [N, N, O] {
        let mut y = zeros([N, N, O]);
        for i in 0..3 {
            for j in 0..3 {
                let weight = param([C, O], init = normal(0.1));
                y = y + matmul(x[i..i + N, j..j + N], weight);
            }
        }
        y + param([O], init = zeros)
    }

    Pool<const N: usize, const C: usize>(x: [N, N, C]) -> [N / 2, N / 2, C] {
        max(max(reshape(x, [N / 2, 2, N / 2, 2, C]), axis = 3), axis = 1)
    }
}

fn main() -> Result<(), Error> {
    let x: Vec<f32> = (0..16 * 256).map(|i| (i as f32).sin()).collect();
    let labels: Vec<u32> = (0..16).map(|i| i % 10).collect();
    let mut net = Images::init(42);
    let mut optimizer = Sgd::new(1e-2).momentum(0.9);
    for _ in 0..20 {
        println!("{}", net.train_step(&x, &labels, &mut optimizer)?);
    }
    println!("{}", net.measure(&x, &labels)?);
    println!("{:?}", net.forward(&x)?.argmax());
    Ok(())
}
