use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        x >> Encodr
    }

    Encoder(x: [4]) -> [4] {
        x >> Linear(4)
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Encoder::summary();
}
