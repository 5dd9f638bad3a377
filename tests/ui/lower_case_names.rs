//! A name against Rust's conventions is told once, where it is declared.
#![deny(nonstandard_style)]
use monograd::prelude::*;

network! {
    mlp<act: Activation, const hidden: usize, const OUT: usize>(x: [4]) -> [OUT] {
        let H = x >> Linear(hidden);
        H >> act >> Linear(OUT)
    }
    loss mse
}

network! {
    #[allow(non_upper_case_globals)]
    Allowed<const width: usize>(x: [4]) -> [4] { x >> Linear(width) >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = mlp::<Relu, 8, 4>::init(1);
    let _ = (mlp::<Relu, 8, 4>::summary(), Allowed::<8>::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = Allowed::<8>::init(1);
}
// mistakes: 3
