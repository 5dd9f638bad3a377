//! Networks of one name in one macro.
use monograd::prelude::*;

network! {
    Net(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
    
    Net<const H: usize>(x: [8]) -> [4] { x >> Linear(H) >> Linear(4) }
    
    Net(x: [8]) -> [4] { x >> Linear(4) }
    loss l1
}

network! {
    Inner(x: [16]) -> [16] { x >> Linear(16) }
    
    Inner(x: [16]) -> [16] { x >> Linear(8) >> Linear(16) }
    
    Outer(x: [16]) -> [4] { x >> Inner >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Net::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Outer::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Outer::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 3
