//! A loop over blocks, and a recurrence after them.

use monograd::prelude::*;

network! {
    /// A gated block with a residual.
    pub Gate<A: Activation = Silu, const D: usize = 6>(x: [D]) -> [D] {
        let gate = x >> Linear(D) >> Sigmoid;
        x + gate * (x >> Linear(2 * D) >> A >> Linear(D, bias = false))
    }

    /// Reads a sequence after a few blocks for each of its steps.
    pub Stack<const LAYERS: usize = 2>(x: [5, 6]) -> [3] {
        let mut h = x[0] >> Linear(4, init = normal(0.1));
        let cell = Linear(4);
        #[truncate(3)]
        let states = for x_t in rev(x) {
            let mut z = x_t;
            #[name = "blocks"]
            for i in 0..LAYERS {
                #[name = "block.{i}.gate"]
                let block = Gate::<Gelu, 6>;
                z = z >> block >> Dropout(0.1);
            }
            h = tanh((z >> Linear(4)) + (h >> cell));
            h
        };
        mean(states, axis = 0) >> Linear(3)
    }
    loss cross_entropy(label_smoothing = 0.1)
}
