//! A network that is applied in the iterations of another one's loop.

use monograd::prelude::*;

network! {
    /// A gated block.
    pub Block<const D: usize = 8>(x: [D]) -> [D] {
        let gate = x >> Linear(D) >> Sigmoid;
        x + gate * (x >> Linear(D))
    }

    /// A stack of them.
    pub Blocks<const D: usize = 8, const LAYERS: usize = 3>(x: [D]) -> [2] {
        let mut h = x;
        for _ in 0..LAYERS {
            h = h >> Block::<D>;
        }
        h >> Linear(2)
    }
    loss mse
}
