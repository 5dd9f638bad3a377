//! Constants, activations and functions that do not exist, or are not generic, are told beside the errors of
//! the macro.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { x >> Linear(4) >> Reluu >> Linear(WIDTH) >> Lineax(4) } loss mse
}

network! {
    B<const H: usize>(x: [4]) -> [4] {
        let h = squareplus(x) >> Linear(H);
        own::half(h) + plain(h) + twice(h, h) >> Linear(5)
    }
    loss mse
}

fn plain(x: f32) -> f32 {
    x
}

fn twice<N: Number>(x: N) -> N {
    x + x
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let mut net = B::<8>::init(1);
    println!("{}", B::<8>::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 8
