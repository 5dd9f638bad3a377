use monograd::prelude::*;

network! {
    Net(x: [3, 4]) -> [4, 3] { permute(x >> Linear(4), [1, 1]) }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0; 12]);
    let _ = Net::summary();
    let _ = net.stream();
}
