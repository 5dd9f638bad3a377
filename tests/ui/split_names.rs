use monograd::prelude::*;

network! {
    Net(x: [4]) -> [3] { let (a, b) = split(x >> Linear(9), 3); a + b }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
