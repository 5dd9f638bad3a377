//! Shapes with the batch in them, and run-time sizes without `dyn`.
use monograd::prelude::*;

network! {
    Batch(x: [N, 16]) -> [N, 4] { x >> Linear(4) }
    loss mse
}

network! {
    Time(x: [T, 8]) -> [T, 4] { x >> Linear(4) }
    loss mse
}

network! {
    Word(x: [BATCH_SIZE, 16]) -> [4] { x[0] >> Linear(4) }
    loss mse
}

network! {
    Target(x: [16]) -> [4] { x >> Linear(4) }
    loss |y, t: [B, 4]| mse(y, t[0])
}

network! {
    Any(x: [-1, 16]) -> [4] { x[0] >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Batch::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Batch::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Time::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Time::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Word::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Word::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Target::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Target::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Any::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Any::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 5
