//! Two networks in one macro.

use monograd::prelude::*;

network! {
    /// Draws.
    pub Generator<const Z: usize = 4>(z: [Z]) -> [16] {
        z >> Linear(2 * Z) >> Elu >> Linear(16) >> Sigmoid
    }
    loss mse

    /// Doubts.
    pub Critic(x: [16]) -> [1] {
        x >> Linear(8) >> LeakyRelu >> Linear(1)
    }
    loss bce_with_logits
}
