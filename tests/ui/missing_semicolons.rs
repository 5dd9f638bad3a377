//! What follows a forgotten semicolon, or a statement in error, is read nevertheless.
use monograd::prelude::*;

network! {
    Let(x: [16]) -> [4] {
        let h = x >> Linear(8)
        let y = h >> Relu;
        y >> Linear(4)
    }
    loss mse
}

network! {
    Assign(x: [16]) -> [4] {
        let mut h = x >> Linear(8);
        h = h >> Relu
        let y = h >> Relu;
        y >> Linear(4)
    }
    loss mse
}

network! {
    Unused(x: [16]) -> [4] {
        x >> Linear(8);
        let y = x >> Relu;
        y >> Linear(4)
    }
    loss mse
}

network! {
    Loop(x: [16]) -> [4] {
        let mut h = x >> Linear(8);
        for _ in 0..3 {
            let z = h >> Relu
            h = h + z;
        }
        let y = h >> Relu;
        y >> Linear(4)
    }
    loss mse
}

fn main() {
    let mut net = Let::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Let::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Assign::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Assign::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Unused::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Unused::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Loop::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Loop::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 4
