//! A residual network over an activation and a size.

use monograd::prelude::*;

network! {
    /// Reads an 8x8 handwritten digit.
    pub Digits<A: Activation = Gelu, const H: usize = 64>(x: [64]) -> [10] {
        let h = x >> Linear(H) >> A;
        let h = h + (h >> Linear(H) >> A);
        h >> Linear(10)
    }
    loss cross_entropy
}
