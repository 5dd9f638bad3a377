use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        x >> Outer
    }

    Outer(x: [4]) -> [4] {
        x >> Inner >> Linear(4)
    }

    Inner(x: [4]) -> [4] {
        tanh(x) >> Outer
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Outer::summary();
    let _ = Inner::summary();
}
// mistakes: 2
