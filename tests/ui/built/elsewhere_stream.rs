//! A stream through a layer from elsewhere that looks at other steps.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Mean<const D: usize>(x: [dyn T, D]) -> [T, D] { x - mean(x, axis = 0) }
    }
}

network! {
    Used(x: [dyn T, 3]) -> [T, 3] { x >> Linear(3) >> other::Mean::<3>() }
}

fn main() {
    Used::init(1).stream().step(&[1.0; 3]);
    let _ = Used::summary();
}
