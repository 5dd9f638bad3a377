use monograd::prelude::*;

network! {
    Net(x: [3, 4], i: [2]) -> [2, 4] { gather(x >> Linear(4), i) }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward((&[0.0; 12], &[0.0; 2]));
    let _ = Net::summary();
    let _ = net.stream();
}
