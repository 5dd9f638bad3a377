//! Headers of which a part cannot be read.
use monograd::prelude::*;

network! {
    Unnamed([16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    Receiver(self, x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    Bare { x >> Linear(4) }
    loss mse
}

network! {
    Where<const H: usize>(x: [16]) -> [4] where H: Copy { x >> Linear(H) >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Unnamed::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Unnamed::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Receiver::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Receiver::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Bare::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Bare::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Where::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Where::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 4
