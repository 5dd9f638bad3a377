use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let h = x >> Linear(128);
        h >> Block::<64> >> Linear(4)
    }

    Block<const D: usize>(x: [D]) -> [D] {
        x + (x >> Linear(D))
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Block::<4>::summary();
}
