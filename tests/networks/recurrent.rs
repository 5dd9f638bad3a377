//! Recurrence over a fixed number of steps, in both directions.

use monograd::prelude::*;

network! {
    /// Labels a sequence from what is on both sides of it.
    pub Recurrent<const H: usize = 6>(x: [9, 4]) -> [3] {
        let start = zeros([H]);
        let mut h = start;
        let forwards = for x_t in x {
            h = tanh((x_t >> Linear(H)) + (h >> Linear(H, bias = false)));
            h
        };
        let mut g = start;
        for x_t in rev(x) {
            g = tanh((x_t >> Linear(H)) + (g >> Linear(H, bias = false)));
        }
        concat(mean(forwards, axis = 0), g) >> Linear(3)
    }
    loss cross_entropy
}
