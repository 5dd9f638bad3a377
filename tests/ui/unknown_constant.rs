use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        x * SCALE
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
}
