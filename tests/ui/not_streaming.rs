use monograd::prelude::*;

network! {
    Backwards(x: [dyn T, 3]) -> [T, 3] {
        for x_t in rev(x) {
            x_t >> Linear(3)
        }
    }

    Both(x: [dyn T, 3]) -> [T, 3] {
        x + softmax(x, axis = 0)
    }
}

fn main() {
    let backwards = Backwards::init(1);
    // nothing is carried from iteration to iteration, so the order does not matter
    let _ = backwards.stream();
    let both = Both::init(1);
    let _ = both.stream();
    let _ = Backwards::summary();
    let _ = Both::summary();
}
