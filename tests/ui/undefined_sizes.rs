//! Sizes that nothing declares, some of them misspelt constants.
use monograd::prelude::*;

mod config {
    pub const DEPHT: usize = 3;
}

network! {
    Half(x: [16]) -> [4] { x[..HALF] >> Linear(4) }
    loss mse
}

network! {
    Deep(x: [16]) -> [4] {
        let mut h = x;
        for _ in 0..LAYERS { h = h >> Linear(16) >> Relu; }
        h >> Linear(4)
    }
    loss mse
}

network! {
    Twice(x: [16]) -> [4] { x >> Linear(WIDTH) >> Relu >> Linear(WIDTH) >> Linear(4) }
    loss mse
}

network! {
    Elsewhere(x: [16]) -> [4] { x >> Linear(config::DEPTH) >> Linear(4) }
    loss mse
}

network! {
    Default<const D: usize = WIDE>(x: [16]) -> [4] { x >> Linear(D) >> Linear(4) }
    loss mse
}

network! {
    Inner(x: [16]) -> [16] { x >> Linear(NARROW) >> Linear(16) }
    Outer(x: [16]) -> [4] { x >> Inner >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Half::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Half::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Deep::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Deep::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Twice::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Twice::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Elsewhere::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Elsewhere::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Default>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Default>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Outer::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Outer::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 6
