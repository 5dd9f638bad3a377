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
    let _ = Beside::init(1);
}
