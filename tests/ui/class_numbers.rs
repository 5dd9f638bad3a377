use monograd::prelude::*;

network! {
    pub Net(x: [4], tokens: u32[4]) -> [3] {
        tokens + x >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let _ = Net::summary();
}
