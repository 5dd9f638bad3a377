use monograd::prelude::*;

network! {
    Digits(x: [64]) -> [10] {
        let h = x >> nn.Linear(64, 32) >> ReLU;
        h.view(32) >> Linear(10)
    }
    loss CrossEntropyLoss
}

fn main() {}
