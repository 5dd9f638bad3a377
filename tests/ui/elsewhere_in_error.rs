//! A network from elsewhere that has an error of its own.
use monograd::prelude::*;

mod o {
    monograd::network! {
        pub Wrong(x: [16]) -> [16] { x >> Linear(8) }
    }
}

network! {
    Net(x: [16]) -> [4] { x >> o::Wrong() >> o::Wrong() >> Linear(4) }
    loss mse
}

network! {
    Last(x: [16]) -> [4] { x >> o::Wrong() }
    loss mse
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Net::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Last::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Last::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
