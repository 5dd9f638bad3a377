//! A size that no memory holds.
use monograd::prelude::*;

network! {
    Net<const D: usize>(x: [16]) -> [4] { x >> Linear(D) >> Relu >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Net::<4>::init(1);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = Net::<4>::summary();
    let _ = Net::<{ usize::MAX }>::init(1);
}
