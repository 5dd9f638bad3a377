//! Names that nothing uses are warned of as Rust's own are.

#![deny(unused_variables)]

use monograd::prelude::*;

network! {
    Net<A: Activation, const H: usize, const K: usize = 3>(x: [4], mask: [3], _other: [2]) -> [K] {
        let h = tanh(x);
        let (a, b) = split(x, 2);
        let _ignored = x;
        let mut g = x;
        for i in 0..3 {
            g = g >> Linear(4);
        }
        let ys = for (p, q) in (x, g) { p };
        g * sum(a) >> Linear(K)
    }
    loss |y, target: [K], weight: [1]| mse(y, target)
}

fn main() {
    let mut net = Net::<Relu, 8>::init(1);
    let _ = Net::<Relu, 8>::summary();
    let _ = net.train_step((&[0.0_f32; 4], &[0.0_f32; 3], &[0.0_f32; 2]), (&[0.0_f32; 3], &[0.0_f32]), &mut Sgd::new(0.1));
}
// mistakes: 9
