//! A loop that keeps only what is between its iterations, and computes the rest again.

use monograd::prelude::*;

network! {
    /// A deep network that fits in little memory.
    pub Checkpointed<A: Activation = Silu>(x: [10]) -> [10] {
        let mut h = x;
        #[checkpoint]
        for _ in 0..6 {
            h = h + (h >> Linear(40) >> A >> Dropout(0.1) >> Linear(10));
        }
        h
    }
    loss mse
}
