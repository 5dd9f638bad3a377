use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let a = param([4]);
        let b = param([4], init = one);
        let c = param(4, init = ones);
        let d = param([4], init = kaiming);
        x * a + b * c + d
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = net.stream();
}
// mistakes: 4
