use monograd::prelude::*;

network! {
    Heads<const D: usize = 6, const HEADS: usize = 3>(x: [D]) -> [D] {
        x + (x >> Linear(D / HEADS * HEADS))
    }
    loss mse
}

fn main() {
    let _right = Heads::<6, 3>::init(1);
    let _wrong = Heads::<6, 4>::init(1); // 6 / 4 * 4 is 4
}
