//! Sizes that are none for what a type is used with.
use monograd::prelude::*;

network! {
    Less<const D: usize>(x: [16]) -> [4] { x >> Linear(D - 8) >> Relu >> Linear(4) }
    loss mse
}

network! {
    Zero<const D: usize>(x: [16]) -> [4] { x >> Linear(D) >> Relu >> Linear(4) }
    loss mse
}

network! {
    Heads<const D: usize, const H: usize>(x: [16]) -> [4] { x >> Linear(D / H) >> Relu >> Linear(4) }
    loss mse
}

network! {
    Part<const D: usize>(x: [16]) -> [4] { x[D - 8..] >> Linear(4) }
    loss mse
}

network! {
    Loop<const D: usize>(x: [16]) -> [4] {
        let mut h = x;
        for _ in 0..D - 5 { h = h >> Linear(16); }
        h >> Linear(4)
    }
    loss mse
}

network! {
    Inner<const D: usize>(x: [16]) -> [16] { x >> Linear(D - 8) >> Linear(16) }
    Outer<const K: usize>(x: [16]) -> [4] { x >> Inner::<K> >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Less::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Less::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Zero::<0>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Zero::<0>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Heads::<8, 0>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Heads::<8, 0>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Part::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Part::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Loop::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Loop::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Outer::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Outer::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 6
