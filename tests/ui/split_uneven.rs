use monograd::prelude::*;

network! {
    Net(x: [4]) -> [3] { let (a, b, c) = split(x >> Linear(10), 3); a + b + c }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
