//! What layers from elsewhere are not written like.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Encoder<const H: usize = 4>(x: [4]) -> [H] { x >> Linear(H) }
    }
}

network! {
    A<const D: usize>(x: [D], s: [dyn T, 4], k: u32[4]) -> [4] {
        let unused = other::Encoder::<4>();
        let a = x >> other::Encoder::<{ 2 * D }>();
        let b = x >> other::Encoder(4);
        let c = x >> other::Encoder(bias = false);
        let d = k >> other::Encoder();
        let e = s >> other::Encoder::<T>();
        let f = other::Encoder(x);
        let encoder = other::Encoder::<4>();
        let g = encoder;
        let h = encoder.fc.weight;
        for i in 0..3 { x = x >> other::Encoder::<i>(); }
        x >> encoder
    }
}

fn main() {
    let net = A::<4>::init(1);
    let _ = (A::<4>::summary(), net.forward((&[0.0_f32; 4], &[0.0_f32; 4], &[0_u32; 4])));
}
// mistakes: 9
