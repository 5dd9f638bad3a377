//! Networks of one name in one module, each in a macro call of its own.
use monograd::prelude::*;

network! {
    Net(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    #[inspect]
    pub(crate) Net(x: [16]) -> [4] { x >> Linear(8) >> Linear(4) }
    loss l1
}

const WIDTH: usize = 16;

mod inner {
    use super::*;

    monograd::network! {
        Net(x: [16]) -> [WIDTH] { x >> Linear(16) }
    }

    network! {
        pub Net(x: [16]) -> [WIDTH] { x >> Linear(WIDTH) >> Linear(16) }

        pub Outer(x: [16]) -> [4] { x >> Net >> Linear(WIDTH) >> Linear(4) }
        loss mse
    }

    pub fn width() -> usize {
        Net::init(1).forward(&[0.0_f32; 16]).map_or(0, |y| y.len())
    }
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Net::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = inner::Outer::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (inner::Outer::summary(), inner::width());
}
// mistakes: 2
