//! A shape with too few axes for a layer from elsewhere.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Norm<const D: usize>(x: [dyn T <= 16, D]) -> [T, D] { x * param([D], init = ones) }
    }
}

network! {
    Rank<const D: usize>(s: [D]) -> [D] {
        let norm = other::Norm::<D>();
        s >> norm
    }
}

fn main() {
    let _ = Rank::<5>::init(1);
    let _ = Rank::<5>::summary();
}
