use monograd::prelude::*;

network! {
    Net(x: [3, 4]) -> [3] { sum(x >> Linear(4), axis = 2) }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 12]);
    let _ = Net::summary();
    let _ = net.stream();
}
