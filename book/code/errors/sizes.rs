use monograd::prelude::*;

network! {
    Digits(x: [64]) -> [10] {
        let fc = Linear(64);
        let h = x >> fc >> Relu;
        let narrow = h >> Linear(32);
        let sum = h + narrow;
        let again = narrow >> fc;
        concat(sum, again) >> Linear(10)
    }
    loss cross_entropy
}

fn main() {}
