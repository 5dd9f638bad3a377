//! A loop in a loop.

use monograd::prelude::*;

network! {
    /// Gates each group of layers by what went into it.
    pub Loops(x: [8]) -> [2] {
        let mut h = x;
        for _ in 0..3 {
            let skip = h;
            for _ in 0..2 {
                h = h + (h >> Linear(8) >> Tanh);
            }
            h = h * (skip >> Linear(8) >> Sigmoid);
        }
        h >> Linear(2)
    }
    loss mse
}
