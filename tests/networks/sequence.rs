//! Run-time sizes: a bound, a size that is calculated, and slots that grow with different ones.

use monograd::prelude::*;

network! {
    pub Sequence<const D: usize = 4>(x: [dyn T <= 64, D], y: [dyn S, D]) -> [T + S, 3] {
        let both = concat(x, y);
        let h = both >> Linear(2 * D) >> Tanh;
        h * mean(x[1..]) >> Linear(3)
    }
    loss cross_entropy
}
