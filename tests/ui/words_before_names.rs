//! Words that begin other items of Rust.
use monograd::prelude::*;

network! {
    pub struct Item(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    fn Function(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    network Word(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Item::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Item::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Function::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Function::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Word::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Word::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 3
