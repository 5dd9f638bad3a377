use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let a = x >> Block;
        let b = x >> Block::<4, Gelu>;
        let c = x >> Block::<Gelu, 4, 4>;
        let d = x >> Block<Gelu, 4>;
        a + b + c + d
    }

    Block<A: Activation, const D: usize>(x: [D]) -> [D] {
        x >> Linear(D) >> A
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Block::<Relu, 4>::summary();
}
// mistakes: 4
