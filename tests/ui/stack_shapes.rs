use monograd::prelude::*;

network! {
    Net(x: [4]) -> [2, 4] { stack(x >> Linear(4), x[1..]) }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
