use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let a = x >> Merge;
        let b = x >> Merge(a);
        let c = (x, x) >> Linear(4);
        let (d, e, f) = x >> Halves;
        let g = x >> Halves;
        a + b + c
    }

    Merge(a: [4], b: [4]) -> [4] {
        a * tanh(b)
    }

    Halves(x: [4]) -> ([2], [2]) {
        (x[..2], x[2..])
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Merge::summary();
    let _ = Halves::summary();
}
// mistakes: 5
