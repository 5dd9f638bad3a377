use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        x >> Linear(300) >> Relu >> Linear(3)
    }
    loss cross_entropy
}

const _: () = assert!(Net::PARAMS <= 1000, "more parameters than the controller has memory for");

fn main() {
    let _ = Net::summary();
}
