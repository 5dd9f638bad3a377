//! No parameters, no loss.

use monograd::prelude::*;

network! {
    /// Probabilities of logits.
    pub Probabilities(x: [10]) -> ([10], [10]) {
        (softmax(x), log_softmax(x))
    }
}
