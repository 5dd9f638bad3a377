//! A loss that names its targets alone, and not the outputs before them.
use monograd::prelude::*;

network! {
    One(x: [4]) -> [8] { x >> Linear(8) }
    loss |t: [8]| mse(y, t)
}

network! {
    Two(x: [4]) -> ([8], [2]) { let h = x >> Linear(8); (h, h >> Linear(2)) }
    loss |t: [8], u: [2]| mse(first, t) + mse(second, u)
}

network! {
    Named(x: [4]) -> [8] { x >> Linear(8) }
    loss |t: u32| { let scores = 2 * out; cross_entropy(scores, t) }
}

network! {
    Shaped(x: [4]) -> [8] { x >> Linear(8) }
    loss |y: [8]| mean(y * y)
}

network! {
    Fewer(x: [4]) -> ([8], [2]) { let h = x >> Linear(8); (h, h >> Linear(2)) }
    loss |t: [8]| mse(y, t)
}

fn main() {
    let mut net = One::init(1);
    let _ = (One::summary(), net.train_step(&[0.0; 4], &[0.0; 8], &mut Sgd::new(0.1)));
    let mut net = Two::init(1);
    let _ = (Two::summary(), net.train_step(&[0.0; 4], (&[0.0; 8], &[0.0; 2]), &mut Sgd::new(0.1)));
    let mut net = Named::init(1);
    let _ = (Named::summary(), net.train_step(&[0.0; 4], &[3], &mut Sgd::new(0.1)));
    let mut net = Shaped::init(1);
    let _ = (Shaped::summary(), net.train_step(&[0.0; 4], (), &mut Sgd::new(0.1)));
    let mut net = Fewer::init(1);
    let _ = (Fewer::summary(), net.train_step(&[0.0; 4], &[0.0; 8], &mut Sgd::new(0.1)));
}
// mistakes: 5
