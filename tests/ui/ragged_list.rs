use monograd::prelude::*;

network! {
    Net(x: [2]) -> [2, 2] { (x >> Linear(2)) * [[1.0, 2.0], [3.0]] }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 2]);
    let _ = Net::summary();
    let _ = net.stream();
}
