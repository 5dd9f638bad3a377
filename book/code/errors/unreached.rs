use monograd::prelude::*;

network! {
    Two(x: [8]) -> ([3], [1]) {
        let h = x >> Linear(16) >> Tanh;
        let value = h >> Linear(1);
        (h >> Linear(3), value)
    }
    loss |classes, value, target: u32| cross_entropy(classes, target)
}

fn main() {}
