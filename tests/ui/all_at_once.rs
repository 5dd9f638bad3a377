//! Every mistake is reported: in one chain, one call, one loop, a body, its loss and its metrics,
//! and in each network.

use monograd::prelude::*;

network! {
    Chain(x: [16]) -> [4] { x >> Linear(0) >> Relo(1) >> Dropout(1.5) >> Dropot(0.1) >> Linear(4, bais = true) }
    Named(x: [16]) -> [4] {
        let fc = Linear(4);
        let h = x >> Lienar(8) >> fc;
        h + (x >> fc)
    }
    Call(x: [16]) -> [4] { concat(tahn(x), sinn(x), x >> Lienar(3)) + tahn(x >> Dropot(0.1)) }
    Operands(x: [16]) -> [4] { (x >> Lienar(3)) + (x >> Dropot(0.5)) * tahn(x) }
    Tuple(x: [16]) -> ([4], [4]) { (x >> Lienar(3), x >> Dropot(0.5)) }
    Loop(x: [16]) -> [16] {
        let mut h = x;
        for row in misspelt {
            h = h + (row >> Lienar(4));
        }
        let ys = for i in 0..sum(x) { tahn(h) };
        h
    }
    Measured(x: [16]) -> [4] { x >> Lienar(4) }
        loss |y, target: [4]| mse(y, traget) + huber(y, target, detla = 1)
        metric acuracy
        metric distance |y, target| l1(y, hidden)
    ByName(x: [16]) -> [4] { x >> Lienar(4) }
        loss cross_entropy(label_smothing = 0.1)
    Outer(x: [16]) -> [4] { x >> Chain >> Lienar(4) }
}

fn main() {
    let mut net = Chain::init(1);
    let _ = Chain::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 28
