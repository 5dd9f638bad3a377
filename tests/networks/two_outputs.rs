//! Two outputs and a loss of one's own over both.

use monograd::prelude::*;

network! {
    /// A policy and its value.
    pub ActorCritic(state: [6]) -> ([4], [1]) {
        let h = state >> Linear(24) >> Tanh;
        let policy = h >> Linear(4);
        let value = h >> Linear(1);
        (policy, value)
    }
    loss |policy, value, action: u32, outcome: [1]|
        cross_entropy(policy, action) + 0.5 * mse(value, outcome)
}
