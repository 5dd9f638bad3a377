//! Sizes whose names are almost those of others.
use monograd::prelude::*;

network! {
    Near<const HIDDEN: usize>(x: [16]) -> [4] { x >> Linear(HIDEN) >> Relu >> Linear(4) }
    loss mse
}

network! {
    Run(x: [dyn SEQ, 4]) -> [SEQS, 4] { x >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Near::<8>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Near::<8>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Run::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Run::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 2
