//! Layers from elsewhere that look at other steps of a stream.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Mean<const D: usize>(x: [dyn T, D]) -> [T, D] { x - mean(x, axis = 0) }
    }
}

network! {
    #[streaming]
    Asked(x: [dyn T, 3]) -> [T, 3] { x >> other::Mean::<3>() >> Linear(3) }
}

fn main() {
    Asked::init(1);
    let _ = Asked::summary();
}
