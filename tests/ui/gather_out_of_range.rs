//! Positions that are not all those of rows.

use monograd::prelude::*;

network! {
    pub Net(x: [9]) -> [4] {
        let table = param([8, 4], init = ones);
        gather(table, argmax(x))
    }
    loss mse

    pub Other(x: [9]) -> [4] {
        let table = param([8, 4], init = ones);
        gather(table, floor(x)[0])
    }
    loss mse
}

fn main() {
    let _: Net = Net::init(1);
    let _: Other = Other::init(1);
    let mut net = Net::init(1);
    let _ = Net::summary();
    let _ = net.train_step(&[0.0_f32; 9], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 2
