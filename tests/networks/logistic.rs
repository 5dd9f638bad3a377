//! The smallest classifier.

use monograd::prelude::*;

network! {
    /// Tells three irises apart.
    pub Logistic(x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy(label_smoothing = 0.1, weight = [1, 2, 0.5], ignore_index = -100)
}
