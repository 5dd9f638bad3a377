use monograd::prelude::*;

network! {
    pub Net<const H: usize = 8, const H: usize = 4>(x: [4], x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let _ = <Net>::summary();
}
// mistakes: 2
