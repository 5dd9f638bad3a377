//! Slices, a softmax and a gate.

use monograd::prelude::*;

network! {
    /// Chooses among its own features.
    pub Gated<const D: usize = 64>(x: [2, D]) -> [D] {
        let gate = softmax(x[0] >> Linear(D));
        let signal = x[1] >> Linear(D) >> GeluTanh;
        gate * signal + x[1, 0..D]
    }
    loss l1
}
