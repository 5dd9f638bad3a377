//! A hand-written layer normalisation, for networks written without the library's layers.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Normalises every row to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016).
    pub LayerNorm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        let variance = mean(square(centred), axis = -1, keepdim = true);
        centred * rsqrt(variance + 1e-5) * weight + bias
    }
}
// ANCHOR_END: network
