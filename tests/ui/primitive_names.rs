//! Types of Rust's own, and keywords, as names.

use monograd::prelude::*;

network! {
    pub f32(x: [4]) -> [4] { x >> Linear(4) }
    loss mse

    pub Net<usize: Activation>(x: [4]) -> [4] { x >> usize }

    pub Other<const n: usize>(x: [n]) -> [n] { x >> Linear(n) }

    pub Self(x: [4]) -> [4] { x }
}

network! {
    pub fn(x: [4]) -> [4] { x }
}

fn main() {}
