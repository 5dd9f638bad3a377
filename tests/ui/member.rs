use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let fc = Linear(4);
        let early = sum(fc.weight);
        let h = x >> fc;
        h * early + sum(fc.wieght) + sum(h.weight)
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
// mistakes: 3
