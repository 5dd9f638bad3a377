//! A type of the network's name beside it, in a module and in a function.
use monograd::prelude::*;

/// The sizes of a network.
#[derive(Clone, Debug)]
pub struct Net {
    pub width: usize,
}

network! {
    pub Net(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

mod inner {
    use super::*;

    network! {
        pub First(x: [16]) -> [4] { x >> Linear(4) }

        pub Second(x: [16]) -> [4] { x >> First >> Linear(4) }
        loss mse
    }

    pub type Second = [f32; 4];

    /// Another scope.
    pub fn first() -> usize {
        struct First(usize);
        let First(size) = First(1);
        size
    }
}

fn main() {
    let net = inner::First::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = (inner::First::summary(), inner::first());
    let second: inner::Second = [0.0; 4];
    println!("{}", Net { width: 4 }.width + second.len());
    let _ = |net: &mut Other| net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}

network! {
    Other(x: [4]) -> [4] { x >> Linear(4) }
    loss mse
}
// mistakes: 2
