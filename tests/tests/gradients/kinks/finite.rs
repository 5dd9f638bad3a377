//! Checks that training steps through roots at 0 and constant rows keep the loss and all weights finite.

use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Column, Fed};

/// Returns inputs in which a third of the rows is zero, and a third constant.
fn inputs(len: usize, row: usize, samples: usize) -> Batch<f32> {
    let of_row = |i: usize| match i / row % 3 {
        0 => 0.0,
        1 => 0.5,
        _ => (i * 7919 % 1009) as f32 / 500.0 - 1.0,
    };
    Batch::new(vec![Column::Reals((0..samples * len).map(of_row).collect())])
}

fn weights<N: Trainable<Scalar = f32>>(net: &N) -> Vec<f32> {
    net.parameters().iter().flat_map(|parameter| parameter.as_slice().to_vec()).collect()
}

fn train<N>(what: &str, mut net: N)
where
    N: Trainable<Scalar = f32>,
    for<'a> Fed<'a, f32>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let before = weights(&net);
    let row = *N::INPUTS[0].shape.last().unwrap();
    for samples in [1, 7, 30] {
        let x = inputs(N::INPUTS[0].len(), row, samples);
        let t = Batch::<f32>::random(N::TARGETS, samples, 1);
        for step in 0..3 {
            let loss = net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.01)).unwrap();
            assert!(loss.is_finite(), "{what}: step {step} of {samples}: the loss is {loss}");
            let weights = weights(&net);
            let finite = weights.iter().all(|w| w.is_finite());
            assert!(finite, "{what}: step {step} of {samples}: {weights:?}");
        }
    }
    assert_ne!(before, weights(&net), "{what}: nothing was learned");
}

macro_rules! programs {
    ($($test:ident: ($($input:tt)*) -> $output:tt { $($body:tt)* } loss { $($loss:tt)* })*) => {$(
        #[test]
        fn $test() {
            network! {
                Net($($input)*) -> $output { $($body)* }
                loss $($loss)*
            }
            train::<Net>(stringify!($test), Net::init(1));
        }
    )*};
}

programs! {
    clamped_root: (x: [8]) -> [4] { sqrt(clamp(x >> Linear(4), 0, 100)) } loss { mse }
    rectified_root: (x: [8]) -> [4] { sqrt(x >> Linear(4) >> Relu) } loss { mse }
    root_between_layers: (x: [8]) -> [4] { sqrt(x >> Linear(64) >> Relu) >> Linear(4) } loss { l1 }
    root_of_sums: (x: [3, 8]) -> [3] { sqrt(sum(x >> Linear(5, bias = false) >> Relu, axis = 1)) } loss { mse }
    standardised: (x: [3, 8]) -> [3, 4] {
        let h = x >> Linear(4, bias = false);
        (h - mean(h, axis = 1, keep = true)) / (std(h, axis = 1, keep = true) + 1e-5) >> Linear(4)
    } loss { mse }
    deviation_of_columns: (x: [3, 8]) -> [8] { std(stack(x[0], x[0], x[0]) * param([8], init = ones), axis = 0) + x[2] * param([8], init = ones) } loss { mse }
    normalised: (x: [3, 8]) -> [3, 4] { normalize(x >> Linear(4, bias = false)) >> Linear(4) } loss { mse }
    distances: (x: [3, 8]) -> [3] {
        let h = x >> Linear(4, bias = false);
        norm(h - h[1], axis = 1)
    } loss { huber }
    similar: (x: [3, 8]) -> [3] {
        let h = x >> Linear(4, bias = false);
        cosine_similarity(h, h[2])
    } loss { smooth_l1 }
    hard_gates: (x: [8]) -> [4] { sqrt(10 * (x >> Linear(4)) >> HardSigmoid) } loss { mse }
    clipped_gates: (x: [8]) -> [4] { let h = 8 * (x >> Linear(4)); sqrt(minimum(maximum(h, 0), 1)) } loss { mse }
    dropped_root: (x: [8]) -> [4] { sqrt(abs(x >> Linear(4)) >> Dropout(0.5)) } loss { mse }
    recurrent_root: (x: [5, 8]) -> [4] {
        let w = Linear(4);
        let mut h = zeros([4]);
        #[truncate(2)]
        for x_t in x {
            h = sqrt((x_t >> w) + h >> Relu);
        }
        h
    } loss { mse }
    causal_roots: (x: [3, 8]) -> [3, 4] {
        let h = x >> Linear(4);
        matmul(sqrt(softmax(mask_future(matmul(h, transpose(h))))), h)
    } loss { mse }
}
