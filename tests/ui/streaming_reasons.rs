//! `#[streaming]` tells each operation that looks ahead.
use monograd::prelude::*;

network! {
    #[streaming]
    Sum(x: [dyn T <= 64]) -> [T] {
        flip(x, axis = 0) + softmax(x) + cumsum(x) + x / sum(x)
    }

    #[streaming]
    Chain(x: [dyn T <= 64, 2]) -> [T, 2] {
        let h = softmax(x, axis = 0);
        let g = flip(h, axis = 0);
        mean(g, axis = 0) + x
    }
}

fn main() {
    let _ = (Sum::summary(), Sum::init(1).stream().step(&[1.0]).len());
    let _ = (Chain::summary(), Chain::init(1).stream());
}
// mistakes: 6
