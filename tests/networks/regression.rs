//! A known activation between two layers.

use monograd::prelude::*;

network! {
    /// Fits a curve.
    pub Regression(x: [1]) -> [1] {
        x >> Linear(32) >> Tanh >> Linear(1)
    }
    loss mse
}
