#![deny(unused_variables)]

use monograd::prelude::*;

network! {
    Digits(x: [64], mask: [64]) -> [10] {
        let scaled = 2 * x;
        x >> Linear(10)
    }
    loss cross_entropy
}

fn main() {}
