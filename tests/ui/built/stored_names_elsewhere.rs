//! A name that a layer from elsewhere has, too.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Encoder<const LAYERS: usize = 2>(x: [4]) -> [4] {
            let mut h = x >> Linear(4);
            for i in 0..LAYERS {
                #[name = "layer.{i}"]
                let fc = Linear(4);
                h = h >> fc;
            }
            h
        }
    }
}

network! {
    Beside(x: [4]) -> [4] {
        let enc = other::Encoder();
        #[name = "enc.linear0.bias"]
        let b = param([4], init = ones);
        (x >> enc) + b
    }
    loss mse
}

fn main() {
    let mut net = Beside::init(1);
    let _ = Beside::summary();
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
