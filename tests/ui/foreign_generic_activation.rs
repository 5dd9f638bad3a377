use monograd::prelude::*;

/// Forgot its `impl Activation`.
#[derive(Clone, Copy, Default)]
pub struct Snake;

network! {
    pub Net<A: Activation = Snake>(x: [4]) -> [3] {
        x >> Linear(3) >> A
    }
    loss cross_entropy
}

// used nowhere: a default that is no activation is wrong in every use again
fn main() {}
