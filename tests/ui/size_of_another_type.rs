//! Constants that are no `usize`.
use monograd::prelude::*;

const HIDDEN: i32 = 8;
const N: i32 = 16;
const WIDE: f32 = 16.0;

network! {
    Signed(x: [16]) -> [4] { x >> Linear(HIDDEN) >> Relu >> Linear(HIDDEN) >> Linear(4) }
    loss mse
}

network! {
    Axis(x: [self::N]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    Default<const D: usize = WIDE>(x: [16]) -> [4] { x >> Linear(D) >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Signed::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Signed::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Axis::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Axis::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Default>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Default>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 3
