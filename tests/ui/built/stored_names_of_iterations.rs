//! Names that are alike for some numbers of iterations, and not for others.
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
    Within<const N: usize>(x: [4]) -> [4] {
        #[name = "enc.layer.3"]
        let fc = Linear(4);
        let enc = other::Encoder::<N>();
        x >> fc >> enc
    }
    loss mse
}

network! {
    Iterations<const N: usize>(x: [4]) -> [4] {
        let mut h = x;
        for i in 0..N {
            #[name = "h.{i}"]
            let fc = Linear(4);
            h = h >> fc;
        }
        #[name = "h.2"]
        let last = Linear(4);
        h >> last
    }
    loss mse
}

fn main() {
    let _ = Within::<4>::init(1);
    let _ = Iterations::<3>::init(1);
    // names that are apart
    let _ = Within::<3>::init(1);
    let _ = Iterations::<2>::init(1);
    let mut net = Iterations::<2>::init(1);
    let _ = Iterations::<2>::summary();
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 2
