//! Networks whose names are all used, in whatever way, are compiled without a warning.

#![deny(warnings, clippy::all)]

use monograd::prelude::*;

network! {
    Net<A: Activation, const H: usize, const K: usize = H>(x: [4], noise: [3], tokens: u32[2], size: [H]) -> [K] {
        let latent = x >> Linear(3);
        let fc = Linear(K);
        let w = param([H], init = zeros);
        let (_, b) = split(x, 2);
        let mut g = x;
        for i in 0..3 {
            #[name = "deep.{i}"]
            let deep = Linear(4);
            g = g >> deep >> Inner::<A, H>;
        }
        let table = param([10, 4], init = ones);
        g + sum(b) + sum(gather(table, tokens)) + sum(w * size) + sum(noise) + sum(latent) >> fc
    }
    loss |y, latent, target: [K], mask: [K]| mse(y * y, target) + sum(square(latent)) + l2(fc.weight)
    metric masked |y, target, mask| mse(y * mask, target)
    Inner<A: Activation, const H: usize>(x: [4]) -> [4] { x >> Linear(H) >> A >> Linear(4) }
    #[allow(unused_variables)]
    Quiet(x: [4], mask: [4]) -> [4] {
        let h = tanh(x);
        x >> Linear(4)
    }
    Marked(x: [4], _mask: [4]) -> [4] {
        let _h = tanh(x);
        x >> Linear(4)
    }
    Steps(x: [dyn T, 4], bound: [dyn S <= 8]) -> [T, 4] {
        let mut state = zeros([4]);
        let ys = for x_t in x {
            state = (state >> Linear(4)) + x_t;
            state
        };
        ys * sum(bound)
    }
}

#[test]
fn runs() {
    let _ = Net::<Relu, 8>::init(1);
    let _ = (Quiet::<f32>::init(1), Marked::<f32>::init(1), Steps::<f32>::init(1));
}
