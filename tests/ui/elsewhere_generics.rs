//! Generic arguments that a network from elsewhere does not take.
use monograd::prelude::*;

mod o {
    use monograd::prelude::*;

    network! {
        pub B<A: Activation, const D: usize>(x: [16]) -> [16] { x >> Linear(D) >> A >> Linear(16) }
    }
    network! {
        pub Inner(x: [16]) -> [16] { x >> Linear(16) }
    }
    network! {
        Private(x: [16]) -> [4] { x >> Linear(4) }
    }
}
use o::Inner;

network! {
    None(x: [16]) -> [4] { x >> o::B() >> Linear(4) }
    loss mse
}

network! {
    One(x: [16]) -> [4] { x >> o::B::<Relu>() >> Linear(4) }
    loss mse
}

network! {
    Order(x: [16]) -> [4] { x >> o::B::<4, Relu>() >> Linear(4) }
    loss mse
}

network! {
    More(x: [16]) -> [4] { x >> o::B::<Relu, 4, 5>() >> Linear(4) }
    loss mse
}

network! {
    Plain(x: [16]) -> [4] { x >> Inner::<4>() >> Linear(4) }
    loss mse
}

network! {
    Unknown(x: [16]) -> [4] { x >> o::B::<Tahn, 4>() >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = None::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (None::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = One::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (One::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Order::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Order::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = More::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (More::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Plain::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Plain::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Unknown::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Unknown::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 6
