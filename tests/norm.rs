//! A network that networks of other crates apply.

use monograd::prelude::*;

network! {
    /// Every row with mean 0 and variance 1, then scaled and moved.
    pub LayerNorm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        let variance = mean(square(centred), axis = -1, keepdim = true);
        centred * rsqrt(variance + 1e-5) * weight + bias
    }
}
