//! Losses and metrics that stand elsewhere than after the braces.
use monograd::prelude::*;

network! {
    loss mse
    First(x: [16]) -> [4] { x >> Linear(4) }
}

network! {
    Header(x: [16]) -> [4] loss mse { x >> Linear(4) }
}

network! {
    Two(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
    loss l1
}

network! {
    Order(x: [16]) -> [4] { x >> Linear(4) }
    metric l1
    loss mse
}

network! {
    Semicolon(x: [16]) -> [4] { x >> Linear(4) };
    loss mse
}

fn main() {
    let mut net = First::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (First::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Header::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Header::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Two::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Two::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Order::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Order::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Semicolon::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Semicolon::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 5
