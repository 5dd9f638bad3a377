use monograd::prelude::*;

network! {
    pub Net(a: [1], b: [1], c: [1], d: [1], e: [1]) -> [3] {
        concat(a, b, c, d, e) >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let _ = Net::summary();
}
