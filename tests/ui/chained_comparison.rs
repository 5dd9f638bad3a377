use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] { let h = x >> Linear(4); h * (0.0 < x < 1.0) }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
