use monograd::prelude::*;

network! {
    Digits(x: [64]) -> [10] {
        let h = x >> Lienar(64) >> Gelu;
        h >> Linear(10)
    }
    loss cross_entropy
}

fn main() {}
