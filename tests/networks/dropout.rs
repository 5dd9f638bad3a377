//! Randomness in training alone.

use monograd::prelude::*;

network! {
    /// Forgets on purpose.
    pub Forgetful(x: [16]) -> [4] {
        x >> Linear(32) >> Relu >> Dropout(0.5) >> Linear(4)
    }
    loss cross_entropy
}
